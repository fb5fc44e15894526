package reconcile_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"btadmin/internal/change"
	"btadmin/internal/orgstate"
	"btadmin/internal/orgview"
	"btadmin/internal/policy/reconcile"
	canonical "btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// replaced is a snapshot with every text that matches replaced, as ids are.
func replaced(t failing, s *access.Snapshot, pattern string, by func(string) string) *access.Snapshot {
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatalf("%v", err)
	}
	out := new(access.Snapshot)
	if err := json.Unmarshal([]byte(regexp.MustCompile(pattern).ReplaceAllStringFunc(string(raw), by)), out); err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// elsewhere is another organization with ids of its own, in which some of the people, groups and projects are missing and
// addresses are written differently.
func elsewhere(t *rapid.T) *access.Snapshot {
	s := replaced(t, organization(t), "-0000-4000-8000-", func(string) string { return "-1111-4000-8000-" })
	s.Organization.Name = "other"
	keep := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) > 0 }
	s.Users = slices.DeleteFunc(s.Users, func(u braintrust.User) bool { return !keep("keep user") })
	s.Groups = slices.DeleteFunc(s.Groups, func(g braintrust.Group) bool { return g.Name != "Owners" && !keep("keep group") })
	s.Projects = slices.DeleteFunc(s.Projects, func(braintrust.Project) bool { return !keep("keep project") })
	if !keep("keep role") {
		s.Roles = s.Roles[:2]
	}
	for i := range s.Users {
		if !keep("keep spelling") {
			s.Users[i].Email = strings.ToUpper(s.Users[i].Email)
		}
	}
	return s
}

// carry makes what a transfer asks for of an organization, as access copy does.
func carry(t *rapid.T, from, to *access.Snapshot) (*access.Snapshot, *reconcile.Transferred, *reconcile.Result) {
	source, target := orgview.New(from, orgview.Meta{Objects: true}), orgview.New(to, orgview.Meta{Objects: true})
	moved := reconcile.Transfer(t.Context(), source, target, reconcile.TransferOptions{})
	result, err := reconcile.Compare(t.Context(), moved.Desired, target, reconcile.Options{Now: time.Now(), Source: "acme"})
	if err != nil {
		t.Fatalf("what is carried over cannot be compared: %v\n%s", err, text(moved.Desired))
	}
	result.Additive()
	after, fresh := change.After(to, result.Steps), map[string]string{}
	after = replaced(t, after, `"new:[^"]*"`, func(placeholder string) string { // as the server gives ids
		if fresh[placeholder] == "" {
			fresh[placeholder] = fmt.Sprintf("%q", fmt.Sprintf("%08d-2222-4000-8000-000000000000", len(fresh)))
		}
		return fresh[placeholder]
	})
	return after, moved, result
}

// TestTransferIsAdditiveAndSettles: whatever two organizations are, a copy takes nothing away, brings everybody whose address
// is there and tells the others, brings what groups are granted on projects of the same name, and a second copy has nothing
// to do.
func TestTransferIsAdditiveAndSettles(t *testing.T) {
	t.Parallel()
	brought, told, granted := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		from, to := organization(t), elsewhere(t)
		from.Users[0].Email = "User0@Example.COM"
		after, moved, _ := carry(t, from, to)
		nothingLost(t, to, after)
		b, n := everybodyIsBroughtOrTold(t, from, after, moved.Unmatched)
		brought, told = brought+b, told+n
		granted += grantsAreBrought(t, from, after, moved.Unmatched)
		if _, _, second := carry(t, from, after); second.Changes() {
			for _, d := range second.Differences {
				t.Logf("%s %s %s: %s", d.Action, d.Kind, d.Subject, d.Detail)
			}
			t.Fatalf("a second copy has %d steps", len(second.Steps))
		}
	})
	if brought < 100 || told < 50 || granted < 5 {
		t.Errorf("only %d members brought, %d told, %d grants brought", brought, told, granted)
	}
}

// nothingLost compares an organization before and after.
func nothingLost(t *rapid.T, before, after *access.Snapshot) {
	acls := map[braintrust.ACLItem]bool{}
	for _, acl := range after.ACLs {
		acls[acl.ACLItem] = true
	}
	for _, acl := range before.ACLs {
		if !acls[acl.ACLItem] {
			t.Fatalf("lost the grant %+v", acl)
		}
	}
	groups := map[string]braintrust.Group{}
	for _, g := range after.Groups {
		groups[g.ID] = g
	}
	for _, was := range before.Groups {
		is, there := groups[was.ID]
		if !there || is.Name != was.Name || is.Description != was.Description ||
			!contains(is.MemberUsers, was.MemberUsers) || !contains(is.MemberGroups, was.MemberGroups) {
			t.Fatalf("the group %+v became %+v", was, is)
		}
	}
	if len(after.Users) != len(before.Users) || len(after.Projects) != len(before.Projects) || len(after.Tokens) != len(before.Tokens) {
		t.Fatalf("%d users, %d projects, %d tokens", len(after.Users), len(after.Projects), len(after.Tokens))
	}
	for _, was := range before.Roles {
		if !slices.ContainsFunc(after.Roles, func(is braintrust.Role) bool {
			return is.ID == was.ID && contains(is.MemberPermissions, was.MemberPermissions) && contains(was.MemberPermissions, is.MemberPermissions) && contains(is.MemberRoles, was.MemberRoles)
		}) {
			t.Fatalf("the role %+v is another", was)
		}
	}
}

func contains[T comparable](all, some []T) bool {
	return !slices.ContainsFunc(some, func(one T) bool { return !slices.Contains(all, one) })
}

// called is who a user is for another organization: a person by address, an account by name.
func called(v *orgview.View, id string) (kind, name string, is bool) {
	m, member := v.Members.ByID(id)
	switch {
	case !member:
		return "", "", false
	case m.Kind == orgstate.Person:
		return "user", canonical.CanonicalEmail(m.User.Email), true
	}
	return "service_account", m.Name, true
}

// everybodyIsBroughtOrTold looks for each member of each custom group.
func everybodyIsBroughtOrTold(t *rapid.T, from, after *access.Snapshot, unmatched []reconcile.Unmatched) (brought, told int) {
	source, target := orgview.New(from, orgview.Meta{}), orgview.New(after, orgview.Meta{})
	there := map[[2]string][]string{} // ids by kind and name
	for _, u := range after.Users {
		kind, name, _ := called(target, u.ID)
		there[[2]string{kind, name}] = append(there[[2]string{kind, name}], u.ID)
	}
	alike := map[[2]string]int{}
	for _, u := range from.Users {
		kind, name, _ := called(source, u.ID)
		alike[[2]string{kind, name}]++
	}
	for _, g := range from.Groups {
		if access.IsBuiltInGroup(g.Name) {
			continue
		}
		copied, made := target.State().GroupNamed(g.Name)
		if !made {
			t.Fatalf("the group %s is not there", g.Name)
		}
		for _, id := range g.MemberUsers {
			kind, name, is := called(source, id)
			if !is || alike[[2]string{kind, name}] > 1 {
				continue // nobody, or somebody who cannot be named
			}
			if ids := there[[2]string{kind, name}]; len(ids) == 1 {
				brought++
				if !slices.Contains(copied.MemberUsers, ids[0]) {
					t.Fatalf("%s %s is not in %s", kind, name, g.Name)
				}
				continue
			}
			told++
			if !slices.ContainsFunc(unmatched, func(u reconcile.Unmatched) bool {
				return u.Kind == kind && canonical.CanonicalEmail(u.Name) == canonical.CanonicalEmail(name) && slices.Contains(u.Lost, "member of group:"+g.Name)
			}) {
				t.Fatalf("%s %s of %s is neither brought nor told: %+v", kind, name, g.Name, unmatched)
			}
		}
	}
	return brought, told
}

// grantsAreBrought looks for what custom groups are granted on projects that both organizations have once; where the other
// has none of the name, that is told.
func grantsAreBrought(t *rapid.T, from, after *access.Snapshot, unmatched []reconcile.Unmatched) (brought int) {
	target := orgview.New(after, orgview.Meta{})
	count := func(s *access.Snapshot) map[string][]string {
		out := map[string][]string{}
		for _, p := range s.Projects {
			out[p.Name] = append(out[p.Name], p.ID)
		}
		return out
	}
	ours, theirs := count(from), count(after)
	for _, acl := range from.ACLs {
		group, is := access.NewState(from).Group(acl.GroupID)
		i := slices.IndexFunc(from.Projects, func(p braintrust.Project) bool { return p.ID == acl.ObjectID })
		if !is || access.IsBuiltInGroup(group.Name) || acl.ObjectType != braintrust.ObjectProject || i < 0 || acl.RoleID != "" ||
			!slices.Contains(braintrust.Permissions(), acl.Permission) || acl.RestrictObjectType == "flux" || acl.RestrictObjectType == braintrust.ObjectOrganization {
			continue
		}
		name := from.Projects[i].Name
		if len(ours[name]) == 1 && len(theirs[name]) == 0 && !slices.ContainsFunc(unmatched, func(u reconcile.Unmatched) bool {
			return u.Kind == "project" && u.Name == name && slices.Contains(u.Lost, "grants of group:"+group.Name)
		}) {
			t.Fatalf("what %s is granted on %s is not told: %+v", group.Name, name, unmatched)
		}
		if len(ours[name]) != 1 || len(theirs[name]) != 1 {
			continue
		}
		brought++
		copied, _ := target.State().GroupNamed(group.Name)
		want := access.GrantItem(access.Principal{Kind: access.PrincipalGroup, ID: copied.ID}, access.Node{Type: acl.ObjectType, ID: theirs[name][0]},
			access.Tuple{Permission: acl.Permission, Restrict: acl.RestrictObjectType})
		if !slices.ContainsFunc(after.ACLs, func(a braintrust.ACL) bool { return a.ACLItem == want }) {
			t.Fatalf("%s on %s is not granted to %s", acl.Permission, name, group.Name)
		}
	}
	return brought
}
