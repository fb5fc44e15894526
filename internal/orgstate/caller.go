package orgstate

import (
	"context"
	"slices"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Caller is who the credential in use belongs to, as far as the server tells.
type Caller struct {
	UserID       string // "" when unknown
	CredentialID string // of the service token or API key in use, "" when unknown
	ServiceToken bool   // the credential is a service token
}

// Known reports whether the user behind the credential was found.
func (c Caller) Known() bool { return c.UserID != "" }

// keyTail is how many last characters of a key are compared with a preview.
const keyTail = 4

// WhoAmI finds out who the key belongs to: GET /ping where the server has it, and the preview of the key
// among the service tokens and API keys that the caller may list. What cannot be found stays empty; only
// broken connections and refused keys are errors.
func WhoAmI(ctx context.Context, client *braintrust.Client, key braintrust.Secret) (Caller, error) {
	caller := Caller{ServiceToken: strings.HasPrefix(key.Reveal(), "bt-st-")}
	id, known, err := client.Ping(ctx)
	if err != nil {
		return Caller{}, err
	}
	if known {
		caller.UserID = id
	}
	if caller.ServiceToken {
		tokens, err := braintrust.Collect(client.ServiceTokens(ctx, braintrust.ServiceTokenFilter{}))
		if err != nil {
			return caller, ignoreRefusal(err)
		}
		caller.match(key, len(tokens), func(i int) (id, user, preview string) {
			return tokens[i].ID, tokens[i].ServiceAccountID, tokens[i].PreviewName
		})
		return caller, nil
	}
	keys, err := braintrust.Collect(client.APIKeys(ctx, braintrust.APIKeyFilter{}))
	if err != nil {
		return caller, ignoreRefusal(err)
	}
	caller.match(key, len(keys), func(i int) (id, user, preview string) {
		return keys[i].ID, keys[i].UserID, keys[i].PreviewName
	})
	return caller, nil
}

// Reader is the id of the user whose key reads, "" when it cannot be told: as the preview of the key among the
// service tokens, which were listed already, says. Only where it matters the server is asked (GET /ping): when groups,
// roles, project groups or projects are named that are not listed, so that somebody has to know whether they are deleted
// or hidden.
func Reader(ctx context.Context, client *braintrust.Client, key braintrust.Secret, s *access.Snapshot) (string, error) {
	var caller Caller
	caller.match(key, len(s.Tokens), func(i int) (id, user, preview string) {
		return s.Tokens[i].ID, s.Tokens[i].ServiceAccountID, s.Tokens[i].PreviewName
	})
	if caller.Known() || !Dangles(s) {
		return caller.UserID, nil
	}
	id, _, err := client.Ping(ctx)
	return id, err
}

// Dangles reports whether a group, role, project group or project is named that is not listed.
func Dangles(s *access.Snapshot) bool {
	listed := map[string]bool{"": true}
	for i := range s.Groups {
		listed[s.Groups[i].ID] = true
	}
	for i := range s.Roles {
		listed[s.Roles[i].ID] = true
	}
	for i := range s.ProjectGroups {
		listed[s.ProjectGroups[i].ID] = true
	}
	for i := range s.Projects {
		listed[s.Projects[i].ID] = true
	}
	unlisted := func(id string) bool { return !listed[id] }
	return slices.ContainsFunc(s.Objects, func(o access.Object) bool { return unlisted(o.ProjectID) }) ||
		slices.ContainsFunc(s.ACLs, func(a braintrust.ACL) bool {
			return a.ObjectType == braintrust.ObjectProjectGroup && unlisted(a.ObjectID)
		}) ||
		slices.ContainsFunc(s.ACLs, func(a braintrust.ACL) bool { return unlisted(a.GroupID) || unlisted(a.RoleID) }) ||
		slices.ContainsFunc(s.Groups, func(g braintrust.Group) bool { return slices.ContainsFunc(g.MemberGroups, unlisted) }) ||
		slices.ContainsFunc(s.Roles, func(r braintrust.Role) bool { return slices.ContainsFunc(r.MemberRoles, unlisted) })
}

// match looks for the one credential whose preview ends like the key. Two of them tell nothing.
func (c *Caller) match(key braintrust.Secret, count int, at func(int) (id, user, preview string)) {
	secret := key.Reveal()
	if len(secret) < keyTail {
		return
	}
	tail := secret[len(secret)-keyTail:]
	matches := 0
	var id, user string
	for i := range count {
		credential, owner, preview := at(i)
		if strings.HasSuffix(preview, tail) && (c.UserID == "" || c.UserID == owner) {
			matches++
			id, user = credential, owner
		}
	}
	if matches == 1 {
		c.CredentialID, c.UserID = id, user
	}
}

func ignoreRefusal(err error) error {
	if braintrust.IsForbidden(err) || braintrust.IsNotFound(err) {
		return nil
	}
	return err
}
