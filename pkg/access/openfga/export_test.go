package openfga_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/access/openfga"
	"btadmin/pkg/braintrust"
)

// small has one of everything that becomes tuples, and one of everything that becomes none.
func small() *access.Snapshot {
	gone := &time.Time{}
	grant := func(group, user, role string, t braintrust.ObjectType, id string, permission braintrust.Permission, restrict braintrust.ObjectType) braintrust.ACL {
		return braintrust.ACL{ID: fmt.Sprint(group, user, role, t, id, permission, restrict), ACLItem: braintrust.ACLItem{
			ObjectType: t, ObjectID: id, GroupID: group, UserID: user, RoleID: role, Permission: permission, RestrictObjectType: restrict,
		}}
	}
	return &access.Snapshot{
		Organization: braintrust.Organization{ID: "acme", Name: "Acme"},
		Users:        []braintrust.User{{ID: "ann"}, {ID: "b:b"}},
		Groups: []braintrust.Group{
			{ID: "qa", MemberUsers: []string{"ann", "removed"}, MemberGroups: []string{"ops", "old", "nowhere"}},
			{ID: "ops", MemberUsers: []string{"b:b"}},
			{ID: "old", MemberUsers: []string{"ann"}, DeletedAt: gone},
		},
		Roles: []braintrust.Role{
			{ID: "rev", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}, {Permission: "update", RestrictObjectType: "dataset"}}, MemberRoles: []string{"in", "dead"}},
			{ID: "in"},
			{ID: "dead", MemberPermissions: []braintrust.RolePermission{{Permission: "delete"}}, DeletedAt: gone},
		},
		Projects:      []braintrust.Project{{ID: "web"}, {ID: "closed", DeletedAt: gone}},
		ProjectGroups: []braintrust.ProjectGroup{{ID: "set", MemberProjects: []string{"web", "closed"}}},
		Objects: []access.Object{
			{Kind: braintrust.KindFunction, Object: braintrust.Object{ID: "f", ProjectID: "web"}},
			{Kind: braintrust.KindDataset, Object: braintrust.Object{ID: "lost", ProjectID: "closed"}},
		},
		ACLs: []braintrust.ACL{
			grant("qa", "", "", "project", "web", "read", ""),
			grant("qa", "", "", "project", "web", "create", "dataset"),
			grant("", "ann", "", "prompt", "f", "read", ""),
			grant("", "ann", "", "prompt", "f", "delete", "prompt"),
			grant("qa", "", "rev", "project_group", "set", "", ""),
			grant("", "b:b", "", "prompt_session", "play", "read", ""),
			// and what gives nothing
			grant("old", "", "", "project", "web", "read", ""),
			grant("", "removed", "", "project", "web", "read", ""),
			grant("", "", "", "project", "web", "read", ""),
			grant("qa", "", "dead", "project", "web", "", ""),
			grant("qa", "", "", "dataset", "lost", "read", ""),
			grant("qa", "", "", "project", "closed", "read", ""),
			grant("qa", "", "", "prompt", "f", "read", "dataset"),
			grant("qa", "", "", "project", "web", "read", "group"),
			grant("qa", "", "", "organization", "another", "read", ""),
			grant("qa", "", "", "project", "web", "", ""),
		},
	}
}

func TestTuples(t *testing.T) {
	t.Parallel()
	var got []string
	for _, tuple := range openfga.Export(small()).Tuples {
		got = append(got, tuple.User+" "+tuple.Relation+" "+tuple.Object)
	}
	want := strings.Split(strings.TrimSpace(`
organization:acme parent group:ops
group:ops member group:ops
user:b%3ab member group:ops
group:ops#member member group:qa
group:qa member group:qa
user:ann member group:qa
organization:acme parent group:qa
organization:acme parent org_ai_secret:acme
organization:acme parent org_audit_logs:acme
organization:acme parent org_member:acme
organization:acme parent org_project:acme
group:qa#member create.dataset project:web
org_project:acme parent project:web
project_group:set parent project:web
group:qa#member read.given project:web
role_binding:project_group/set/rev binding project_group:set
organization:acme parent project_group:set
project:web parent project_log:web
user:ann delete prompt:f
project:web parent prompt:f
user:ann read prompt:f
user:b%3ab read prompt_session:play
organization:acme parent role:in
group:* carries_read.given role:rev
user:* carries_read.given role:rev
group:* carries_update.dataset role:rev
user:* carries_update.dataset role:rev
role:in includes role:rev
organization:acme parent role:rev
group:qa#member assignee role_binding:project_group/set/rev
role:rev role role_binding:project_group/set/rev
`), "\n")
	want = want[1:] // sorted by object, then relation, then user
	want = append(want[:2:2], append([]string{"organization:acme parent group:ops"}, want[2:]...)...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What built-in groups hold is written out when no row lists it.
func TestBuiltInGroups(t *testing.T) {
	t.Parallel()
	s := small()
	s.Groups = append(s.Groups, braintrust.Group{ID: "own", Name: "Owners"})
	given := 0
	for _, tuple := range openfga.Export(s).Tuples {
		if tuple.User == "group:own#member" && tuple.Object == "organization:acme" && strings.HasSuffix(tuple.Relation, ".given") {
			given++
		}
	}
	if given != len(braintrust.Permissions()) {
		t.Errorf("owners are given %d permissions", given)
	}
}

func TestOnlySomePermissions(t *testing.T) {
	t.Parallel()
	store := openfga.Export(small(), openfga.Only(braintrust.PermissionRead), openfga.Compact())
	if text := store.Model.Text(); strings.Contains(text, "create") || !strings.Contains(text, "define read:") || strings.Contains(text, "read.experiment") {
		t.Errorf("the model is\n%s", text)
	}
	for _, tuple := range store.Tuples {
		if strings.HasPrefix(tuple.Relation, "create") || strings.HasPrefix(tuple.Relation, "carries_update") {
			t.Errorf("%v has no relation in the model", tuple)
		}
	}
}

// A child of a type that nothing is restricted to has what is given without restriction.
func TestQuestionsFitTheModel(t *testing.T) {
	t.Parallel()
	ann, web := access.Principal{Kind: access.PrincipalUser, ID: "ann"}, access.Node{Type: braintrust.ObjectProject, ID: "web"}
	whole, compact := openfga.Export(small()), openfga.Export(small(), openfga.Compact())
	for _, tt := range []struct {
		store *openfga.Store
		child braintrust.ObjectType
		want  string
	}{
		{whole, "dataset", "create.dataset"},
		{whole, "experiment", "create.experiment"},
		{whole, "unheard of", "create.other"},
		{compact, "dataset", "create.dataset"},
		{compact, "experiment", "create.other"},
	} {
		got := tt.store.Model.CheckChild(ann, braintrust.PermissionCreate, tt.child, web)
		if want := (openfga.Tuple{User: "user:ann", Relation: tt.want, Object: "project:web"}); got != want {
			t.Errorf("%s: got %v, want %v", tt.child, got, want)
		}
	}
	if got := openfga.Check(access.Principal{Kind: access.PrincipalGroup, ID: "qa"}, "read", web); got != (openfga.Tuple{User: "group:qa", Relation: "read", Object: "project:web"}) {
		t.Errorf("got %v", got)
	}
}
