package sandbox

import (
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/pkg/braintrust"
)

// accountDomain is where service accounts have their addresses: nothing is ever delivered there.
const accountDomain = "service-accounts.test"

func membersFields() []field {
	in := inCreate
	return []field{
		{name: "invite_users", kind: object, in: in, sub: []field{
			{name: "ids", kind: uuids, in: in},
			{name: "emails", kind: texts, in: in},
			{name: "service_accounts", kind: objects, in: in, sub: []field{
				{name: "name", kind: text, in: in, required: true, nonEmpty: true},
				{name: "token_name", kind: text, in: in},
			}},
			{name: "send_invite_emails", kind: boolean, in: in},
			{name: "group_ids", kind: uuids, in: in},
			{name: "group_names", kind: texts, in: in},
			{name: "group_id", kind: uuidText, in: in},
			{name: "group_name", kind: text, in: in},
		}},
		{name: "remove_users", kind: object, in: in, sub: []field{
			{name: "ids", kind: uuids, in: in},
			{name: "emails", kind: texts, in: in},
		}},
		{name: "org_name", kind: text, in: in},
		{name: "org_id", kind: text, in: in},
	}
}

// invitation is what a checked request will do.
type invitation struct {
	back     []*row // former members who come back
	emails   []string
	accounts []braintrust.ServiceAccountCreate
	groups   []string
	known    []string // members already, for the groups
}

// patchMembers answers PATCH /v1/organization/members. All is checked before anything is done.
func patchMembers(c *call) (answer, error) {
	body, err := strict(c.body, membersFields(), inCreate)
	if err != nil {
		return answer{}, err
	}
	if err := c.thisOrganization(body); err != nil {
		return answer{}, err
	}
	in, err := c.invited(body)
	if err != nil {
		return answer{}, err
	}
	gone, err := c.leaving(body, len(in.back)+len(in.emails)+len(in.accounts))
	if err != nil {
		return answer{}, err
	}
	added := c.join(in)
	for _, r := range gone {
		c.dismiss(r)
	}
	return ok(marshal(membersAnswer{Status: "success", OrgID: c.orgID(), AddedUsers: added})), nil
}

// membersAnswer is braintrust.MembersResult with the secrets in the open.
type membersAnswer struct {
	Status     string      `json:"status"`
	OrgID      string      `json:"org_id"`
	AddedUsers []addedUser `json:"added_users"`
}

type addedUser struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	APIKey    string `json:"api_key,omitzero"`
	TokenName string `json:"token_name,omitzero"`
}

func (c *call) invited(body document) (invitation, error) {
	var in invitation
	if !body.has("invite_users") {
		return in, nil
	}
	d, err := parseDocument(body["invite_users"])
	if err != nil {
		return in, badRequest("Invalid object at path [invite_users]")
	}
	if err := c.need(braintrust.PermissionCreate, c.orgNode(braintrust.ObjectOrgMember)); err != nil {
		return in, err
	}
	for _, id := range lowered(d.texts("ids")) {
		r := c.table(kindUser).byID[id]
		switch {
		case r == nil || r.gone:
			return in, noAccess("User", id)
		case r.live():
			in.known = append(in.known, id)
		default:
			in.back = append(in.back, r)
		}
	}
	if err := c.invitedEmails(&in, d.texts("emails")); err != nil {
		return in, err
	}
	if d.has("service_accounts") {
		if err := json.Unmarshal(d["service_accounts"], &in.accounts); err != nil {
			return in, badRequest("Expected array at path [invite_users,service_accounts]")
		}
	}
	for _, a := range in.accounts {
		if a.TokenName != "" {
			if err := c.mayMint(); err != nil {
				return in, err
			}
		}
	}
	in.groups, err = c.invitedGroups(d)
	return in, err
}

func (c *call) invitedEmails(in *invitation, emails []string) error {
	seen := make(map[string]bool)
	for _, email := range emails {
		if name, domain, ok := strings.Cut(email, "@"); !ok || name == "" || domain == "" || strings.ContainsAny(email, " \t\r\n") {
			return badRequest("Invalid email '%s' at path [invite_users,emails]", email)
		}
		folded := strings.ToLower(email)
		if seen[folded] {
			continue
		}
		seen[folded] = true
		switch r := c.userByEmail(folded); {
		case r == nil:
			in.emails = append(in.emails, email)
		case r.live():
			in.known = append(in.known, r.id)
		default:
			in.back = append(in.back, r)
		}
	}
	return nil
}

// userByEmail finds members and former ones.
func (w *world) userByEmail(folded string) *row {
	for _, r := range w.table(kindUser).rows {
		if !r.gone && strings.ToLower(r.value.(*braintrust.User).Email) == folded {
			return r
		}
	}
	return nil
}

// invitedGroups are the groups that all invited enter; the caller must be allowed to update each.
func (c *call) invitedGroups(d document) ([]string, error) {
	ids := d.texts("group_ids")
	if d.has("group_id") {
		ids = append(ids, d.text("group_id"))
	}
	names := d.texts("group_names")
	if d.has("group_name") {
		names = append(names, d.text("group_name"))
	}
	for _, name := range names {
		r := c.table(kindGroup).byKey[name]
		if r == nil {
			return nil, badRequest("Group %q does not exist or you do not have access", name)
		}
		ids = append(ids, r.id)
	}
	ids = lowered(ids)
	res := c.reg.byKind[kindGroup]
	for _, id := range ids {
		r, err := c.find(res, id)
		if err != nil {
			return nil, err
		}
		if err := c.permit(res, r, braintrust.PermissionUpdate); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// leaving are the members to be removed; more is how many come at the same time.
func (c *call) leaving(body document, more int) ([]*row, error) {
	if !body.has("remove_users") {
		return nil, nil
	}
	d, err := parseDocument(body["remove_users"])
	if err != nil {
		return nil, badRequest("Invalid object at path [remove_users]")
	}
	if err := c.need(braintrust.PermissionDelete, c.orgNode(braintrust.ObjectOrgMember)); err != nil {
		return nil, err
	}
	ids := d.texts("ids")
	for _, email := range d.texts("emails") {
		if r := c.userByEmail(strings.ToLower(email)); r != nil {
			ids = append(ids, r.id)
		}
	}
	var gone []*row
	for _, id := range lowered(ids) {
		if r := c.member(id); r != nil { // removing who is not there is no error
			gone = append(gone, r)
		}
	}
	members := 0
	for _, r := range c.table(kindUser).rows {
		if r.live() {
			members++
		}
	}
	if len(gone) > 0 && members+more-len(gone) < 1 {
		return nil, badRequest("The last member of an organization cannot be removed")
	}
	return gone, nil
}

func (c *call) join(in invitation) []addedUser {
	added := []addedUser{}
	enter := in.known
	take := func(r *row) addedUser {
		u := r.value.(*braintrust.User)
		enter = append(enter, u.ID)
		return addedUser{ID: u.ID, Email: u.Email}
	}
	for _, r := range in.back {
		added = append(added, take(c.revive(r)))
	}
	for _, email := range in.emails {
		added = append(added, take(c.insertUser(c.s.newID(), document{"email": quoted(email)}, c.s.now(), userRow{Pending: true})))
	}
	for _, a := range in.accounts {
		id := c.s.newID()
		r := c.insertUser(id, document{"given_name": quoted(a.Name), "email": quoted(accountEmail(a.Name, id))}, c.s.now(), userRow{Service: true})
		one := take(r)
		if a.TokenName != "" {
			one.TokenName, one.APIKey = a.TokenName, c.s.newKey(ServiceTokenPrefix)
			c.insertToken(c.s.newID(), r, a.TokenName, one.APIKey, c.s.now(), false)
		}
		added = append(added, one)
	}
	for _, group := range in.groups {
		c.addMembers(group, enter)
	}
	return added
}

func accountEmail(name, id string) string {
	return slug(name) + "-" + id[:8] + "@" + accountDomain
}

func (w *world) insertUser(id string, d document, created string, state userRow) *row {
	d["id"], d["created"] = quoted(id), quoted(created)
	return w.insert(kindUser, id, encode(w.reg.byKind[kindUser].fields, d), marshal(state))
}

// dismiss takes a member out: his places in groups and his keys go with him. Grants to himself stay, reach nobody,
// and are his again if he is invited again: whoever means it for good takes them away as well.
func (c *call) dismiss(r *row) {
	for id := range c.members {
		c.removeMembers(id, []string{r.id})
	}
	for _, kind := range []string{kindServiceToken, kindAPIKey} {
		for _, key := range c.table(kind).rows {
			if key.live() && keeper(key) == r.id {
				c.erase(key)
			}
		}
	}
	c.hide(r, r.body)
}

// keeper is whose key a row is.
func keeper(r *row) string {
	switch v := r.value.(type) {
	case *braintrust.ServiceToken:
		return v.ServiceAccountID
	case *braintrust.APIKey:
		return v.UserID
	}
	return ""
}
