package change

import (
	"fmt"
	"slices"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// newSuperusers is G7: nobody newly gains manage-access on the organization or on all projects, a place in
// Owners, or update or manage-access on Owners, without being named.
func newSuperusers(v *view, after *access.State) []Finding {
	var findings []Finding
	for _, power := range v.powers() {
		had := power.holders(v.before)
		for p := range power.holders(after) {
			if had[p] {
				continue
			}
			name := v.principal(p)
			findings = append(findings, Finding{
				Bypass: "approve", Names: []string{name}, Message: name + " would newly " + power.what,
			})
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		if a.Message < b.Message {
			return -1
		}
		return 1
	})
	return findings
}

// power is a way to be a super-user.
type power struct {
	what    string
	holders func(*access.State) map[access.Principal]bool
}

func (v *view) powers() []power {
	hold := func(permission braintrust.Permission, n access.Node) func(*access.State) map[access.Principal]bool {
		return func(s *access.State) map[access.Principal]bool { return s.Holders(permission, n) }
	}
	top := topNodes(v.org)
	powers := []power{
		{"manage access on the organization", hold(braintrust.PermissionCreateACLs, top[0])},
		{"manage access on all projects", hold(braintrust.PermissionCreateACLs, top[1])},
	}
	owners, found := v.before.GroupNamed(access.OwnersGroup)
	if !found {
		return powers
	}
	group := access.Node{Type: braintrust.ObjectGroup, ID: owners.ID}
	return append(powers,
		power{"be an owner, as a member of Owners", func(s *access.State) map[access.Principal]bool {
			users := map[access.Principal]bool{}
			for _, id := range s.UsersOf(owners.ID) {
				users[access.Principal{Kind: access.PrincipalUser, ID: id}] = true
			}
			return users
		}},
		power{"be able to change who is in Owners", hold(braintrust.PermissionUpdate, group)},
		power{"manage access on Owners", hold(braintrust.PermissionCreateACLs, group)},
	)
}

func (v *view) principal(p access.Principal) string { return principalName(v.names, p) }

// unknownPermission is G7 for permissions that this version does not know: they could allow anything.
func unknownPermission(_ *view, step Step) []Finding {
	add, ok := step.(*AddACLs)
	if !ok {
		return nil
	}
	var findings []Finding
	for _, item := range add.Items {
		if item.Permission != "" && !slices.Contains(braintrust.Permissions(), item.Permission) {
			findings = append(findings, Finding{
				Bypass: "approve", Names: []string{string(item.Permission)},
				Message: fmt.Sprintf("the permission %q is unknown to this version of btadmin and counts as privileged", item.Permission),
			})
		}
	}
	return findings
}

// safeName is G12: names with invisible or control characters are never written, names that look like
// another's only on purpose.
func safeName(v *view, step Step) []Finding {
	name, kind, self := named(step)
	if name == "" {
		return nil
	}
	if text.Unsafe(name) {
		return []Finding{{Message: fmt.Sprintf("the %s name %s has characters that cannot be seen or that change how it is shown", kind, text.Visible(name))}}
	}
	for _, other := range v.namesOf(kind) {
		if other.id != self && other.name != name && text.Confusable(other.name, name) {
			return []Finding{{
				Bypass: "override", Names: []string{other.name},
				Message: fmt.Sprintf("the %s name %q looks like %q, which exists", kind, name, other.name),
			}}
		}
	}
	return nil
}

// named is the name that a step gives to something, what kind of thing it is and its id so far.
func named(step Step) (name, kind, id string) {
	switch s := step.(type) {
	case *CreateGroup:
		return s.Name, "group", ""
	case *PatchGroup:
		if s.Patch.Name != nil {
			return *s.Patch.Name, "group", s.Group.ID
		}
	case *CreateRole:
		return s.Name, "role", ""
	case *PatchRole:
		if s.Patch.Name != nil {
			return *s.Patch.Name, "role", s.Role.ID
		}
	case *CreateServiceAccount:
		return s.Name, "service account", ""
	case *MintToken:
		return s.Name, "token", ""
	}
	return "", "", ""
}

type existing struct{ id, name string }

func (v *view) namesOf(kind string) []existing {
	var out []existing
	switch kind {
	case "group":
		for _, id := range v.before.Groups() {
			g, _ := v.before.Group(id)
			out = append(out, existing{id, g.Name})
		}
		for _, builtIn := range []string{"Owners", "Engineers", "Viewers"} {
			out = append(out, existing{"", builtIn})
		}
	case "role":
		for _, id := range v.before.Roles() {
			r, _ := v.before.Role(id)
			out = append(out, existing{id, r.Name})
		}
	}
	return out
}
