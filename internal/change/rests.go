package change

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Rest is one thing that a plan rests on, with the hash of how it was.
type Rest struct {
	What string `json:"what"` // group:ID, user:ID, role:ID, grants:NODE, grants:NODE:PRINCIPAL, owners, accounts:NAME, tokens:ACCOUNT:NAME
	Name string `json:"name"` // the same in words, as it was called
	Hash string `json:"hash"`
}

// restsOf is what steps found and what the guards judged by: each thing that a step touches, and who owns the
// organization.
func restsOf(v *view) ([]Rest, error) {
	found, called := map[string]any{"owners": v.before.Owners()}, map[string]string{"owners": "who the owners are"}
	for _, p := range []access.Node{topNodes(v.org)[0], topNodes(v.org)[1]} {
		what := "grants:" + p.String()
		found[what], called[what] = contents(v.before.ACLsOn(p)), "the grants on "+nodeName(v.names, p)
	}
	note := func(p access.Principal) {
		if _, isNew := IsNew(p.ID); isNew || p.ID == "" {
			return
		}
		called[p.String()] = principalName(v.names, p)
		if p.Kind == access.PrincipalGroup {
			found[p.String()] = v.group(p.ID)
			return
		}
		u, _ := v.before.User(p.ID)
		found[p.String()] = []string{u.ID, u.Email}
	}
	people := func(kind access.PrincipalKind, ids ...[]string) {
		for _, id := range slices.Concat(ids...) {
			note(access.Principal{Kind: kind, ID: id})
		}
	}
	role := func(id string) {
		found["role:"+id], called["role:"+id] = v.role(id), "role:"+cmp.Or(v.names.Role(id), id)
	}
	grants := func(items []braintrust.ACLItem) {
		for _, item := range items {
			node, p := access.NodeOf(item), access.PrincipalOf(item)
			note(p)
			what := "grants:" + node.String() + ":" + p.String()
			found[what] = contents(v.before.ACLsBetween(p, node))
			called[what] = "the grants to " + principalName(v.names, p) + " on " + nodeName(v.names, node)
			if item.RoleID != "" {
				role(item.RoleID)
			}
		}
	}
	for _, step := range v.steps {
		switch s := step.(type) {
		case *AddACLs:
			grants(s.Items)
		case *RemoveACLs:
			grants(s.items())
		case *CreateGroup:
			people(access.PrincipalUser, s.MemberUsers)
			people(access.PrincipalGroup, s.MemberGroups)
		case *PatchGroup:
			people(access.PrincipalGroup, []string{s.Group.ID}, s.Patch.AddMemberGroups)
			people(access.PrincipalUser, s.Patch.AddMemberUsers)
		case *DeleteGroup:
			people(access.PrincipalGroup, []string{s.Group.ID})
		case *PatchRole:
			role(s.Role.ID)
		case *DeleteRole:
			role(s.Role.ID)
		case *InviteMembers:
			for _, g := range s.Groups {
				people(access.PrincipalGroup, []string{g.ID})
			}
		case *CreateServiceAccount:
			for _, g := range s.Groups {
				people(access.PrincipalGroup, []string{g.ID})
			}
		case *RemoveMembers:
			for _, u := range s.Users {
				people(access.PrincipalUser, []string{u.ID})
			}
		case *MintToken:
			people(access.PrincipalUser, []string{s.AccountID})
		}
	}
	v.namesakes(func(what, name string, ids []string) {
		slices.Sort(ids)
		found[what], called[what] = ids, name
	})
	var rests []Rest
	for _, what := range slices.Sorted(maps.Keys(found)) {
		raw, err := json.Marshal(found[what], json.Deterministic(true))
		if err != nil {
			return nil, fmt.Errorf("note what the plan rests on: %w", err)
		}
		sum := sha256.Sum256(raw)
		rests = append(rests, Rest{What: what, Name: called[what], Hash: hex.EncodeToString(sum[:16])})
	}
	return rests, nil
}

// group is what a plan rests on of a group; nil when it is gone.
func (v *view) group(id string) any {
	g, live := v.before.Group(id)
	if !live {
		return nil
	}
	return []any{g.Name, g.Description, g.MemberUsers, slices.Sorted(slices.Values(g.MemberGroups))}
}

// role is what a plan rests on of a role; nil when it is gone.
func (v *view) role(id string) any {
	r, live := v.before.Role(id)
	if !live {
		return nil
	}
	var tuples []string
	for _, m := range r.MemberPermissions {
		tuples = append(tuples, access.Tuple{Permission: m.Permission, Restrict: m.RestrictObjectType}.String())
	}
	slices.Sort(tuples)
	return []any{r.Name, r.Description, tuples, slices.Sorted(slices.Values(r.MemberRoles))}
}

// contents are grants without their ids, sorted: an ACL that was removed and granted again is the same.
func contents(acls []braintrust.ACL) []string {
	out := make([]string, len(acls))
	for i, acl := range acls {
		tuple := access.Tuple{Permission: acl.Permission, Restrict: acl.RestrictObjectType}
		out[i] = access.PrincipalOf(acl.ACLItem).String() + " " + tuple.String() + " " + acl.RoleID
	}
	slices.Sort(out)
	return out
}

// ReviewSaved reviews a saved plan on the organization as it is now, and refuses it when what it rests on, or what
// it would do, is not what it was (G13). Without a Plan.Base the organization is read.
func (r *Runner) ReviewSaved(ctx context.Context, saved *SavedPlan) (*Review, error) {
	plan := saved.Plan
	if plan.Base == nil {
		var err error
		if plan.Base, err = r.ReadBase(ctx, plan.Org); err != nil {
			return nil, err
		}
	}
	review, err := r.Review(ctx, plan)
	var taken *AlreadyExistsError
	if errors.As(err, &taken) {
		return nil, unusable(planAnew, "the organization has changed since the plan was made: the %s %s is there already", taken.Kind, text.Visible(taken.Name))
	}
	if err != nil {
		return nil, err
	}
	var changed []string
	was := map[string]Rest{}
	for _, rest := range saved.Rests {
		was[rest.What] = rest
	}
	for _, rest := range review.rests {
		if old := was[rest.What]; old.Hash != rest.Hash { // told as it was called when it was reviewed, also when it is gone
			changed = append(changed, text.Visible(cmp.Or(old.Name, rest.Name)))
		}
	}
	switch {
	case len(changed) > 3:
		changed = append(changed[:3], fmt.Sprintf("and %d more", len(changed)-3))
	case len(changed) == 0 && (review.Hash != saved.Hash || len(review.rests) != len(saved.Rests)):
		changed = []string{"who would become a super-user"}
	}
	if len(changed) > 0 {
		return nil, unusable(planAnew, "the organization has changed since the plan was made, in what it rests on: %s", strings.Join(changed, ", "))
	}
	return review, nil
}
