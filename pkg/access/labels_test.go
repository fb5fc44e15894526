package access_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// What each label means, by hand, from the table of domain.md, section 6.
func TestLabelTuples(t *testing.T) {
	t.Parallel()
	acls := []string{"create_acls", "read_acls", "update_acls", "delete_acls"}
	four := func(on string) []string {
		var out []string
		for _, permission := range acls {
			out = append(out, on+" "+permission)
		}
		return out
	}
	for _, tt := range []struct {
		on       access.Node
		restrict braintrust.ObjectType
		scope    access.Scope
		words    string
		want     []string
	}{
		{organization, "", access.ScopeOrganization, "manage-settings", []string{"organization:org update/organization"}},
		{organization, "", access.ScopeOrganization, "manage-members", []string{"org_member:org create"}},
		{organization, "", access.ScopeOrganization, "remove-members", []string{"org_member:org delete"}},
		{organization, "", access.ScopeOrganization, "read-audit-logs", []string{"org_audit_logs:org read"}},
		{organization, "", access.ScopeOrganization, "manage-access", four("organization:org")},
		{organization, "", access.ScopeOrganization, "all", []string{"organization:org update/organization", "org_member:org create", "org_member:org delete", "org_audit_logs:org read"}},
		{allProjects, "", access.ScopeAllProjects, "all", []string{"org_project:org read", "org_project:org create", "org_project:org update", "org_project:org delete"}},
		{projectP, "", access.ScopeProject, "read, manage_access", append([]string{"project:P read"}, four("project:P")...)},
		{projectP, "dataset", access.ScopeObjects, "create,read", []string{"project:P create/dataset", "project:P read/dataset"}},
		{experimentE, "", access.ScopeObject, "all", []string{"experiment:E read", "experiment:E update", "experiment:E delete"}},
		{node("group", "crew"), "", access.ScopeGroup, "update", []string{"group:crew update"}},
		{projectP, "", access.ScopeProject, "read_acls", []string{"project:P read_acls"}},
		{projectP, "", access.ScopeProject, "none", nil},
	} {
		t.Run(string(tt.scope)+" "+tt.words, func(t *testing.T) {
			t.Parallel()
			labels, err := access.Table{}.ParseWords(tt.scope, tt.words)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, label := range labels {
				for _, item := range label.Items(group("crew"), tt.on, tt.restrict) {
					got = append(got, access.NodeOf(item).String()+" "+access.Tuple{Permission: item.Permission, Restrict: item.RestrictObjectType}.String())
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseWordsRefuses(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"", "read,", "raed", "none,read", "manage-settings"} {
		if _, err := (access.Table{}).ParseWords(access.ScopeProject, words); err == nil {
			t.Errorf("ParseWords(%q) has no error", words)
		}
	}
	var unknown *access.WordError
	if _, err := (access.Table{}).ParseWords(access.ScopeProject, "raed"); !errors.As(err, &unknown) || unknown.Word != "raed" {
		t.Errorf("the error does not name the word: %v", err)
	}
}

func TestObjectWords(t *testing.T) {
	t.Parallel()
	kinds, err := access.ParseObjectWords("scorers,dataset,prompts")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]braintrust.ObjectType{"prompt", "dataset"}, access.RestrictTypes(kinds)); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	if got, want := access.Widening(kinds), "prompts and scorers share one store and one permission with functions and classifiers: this reaches them as well"; got != want {
		t.Errorf("Widening = %q", got)
	}
	all, err := access.ParseObjectWords("all")
	if err != nil || len(all) != 8 || access.Widening(all) != "" {
		t.Errorf("all: %v, %v, widening %q", all, err, access.Widening(all))
	}
	if _, err := access.ParseObjectWords("datsets"); err == nil {
		t.Error("a misspelt kind is accepted")
	}
}

func TestDescribeShowsPartialAndUnnamed(t *testing.T) {
	t.Parallel()
	rows := access.Table{}.Describe([]braintrust.ACLItem{
		give(group("crew"), projectP, "read_acls", ""),
		give(group("crew"), projectP, "read", ""),
		give(group("crew"), organization, "read", ""),
		access.RoleItem(group("crew"), allProjects, "reader"),
	})
	if len(rows) != 3 || rows[0].Scope != access.ScopeOrganization || rows[1].Scope != access.ScopeAllProjects || rows[2].Scope != access.ScopeProject {
		t.Fatalf("rows: %+v", rows)
	}
	if len(rows[0].Unnamed) != 1 || len(rows[0].Words()) != 0 {
		t.Errorf("read on the organization has no label and must be shown as it is: %+v", rows[0])
	}
	if diff := cmp.Diff([]string{"reader"}, rows[1].Roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"read"}, rows[2].Words()); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if last := rows[2].Labels[len(rows[2].Labels)-1]; last.Presence != access.Partial || len(last.Present) != 1 {
		t.Errorf("manage access is %s", last.Presence)
	}
}

// No grant is ever hidden: every one is in exactly one place of what is shown.
func TestDescribeLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := organizations(t)
		items := map[braintrust.ACLItem]bool{}
		for _, acl := range s.ACLs {
			acl.UserID, acl.GroupID = "", "crew"
			items[acl.ACLItem] = true
		}
		var list []braintrust.ACLItem
		for item := range items {
			list = append(list, item)
		}
		shown := 0
		for _, row := range (access.Table{}).Describe(list) {
			shown += len(row.Roles) + len(row.Unnamed)
			for _, label := range row.Labels {
				shown += len(label.Present)
			}
		}
		if shown != len(list) {
			t.Fatalf("%d grants, %d shown", len(list), shown)
		}
	})
}

func FuzzC7Words(f *testing.F) {
	f.Add("read,create", "datasets")
	f.Add("all", "all")
	f.Add("none", "")
	f.Add(",", "scorers,")
	f.Fuzz(func(t *testing.T, words, kinds string) {
		for _, scope := range []access.Scope{access.ScopeOrganization, access.ScopeObjects, access.ScopeGroup} {
			labels, err := access.Table{}.ParseWords(scope, words)
			if err == nil && labels == nil {
				t.Errorf("ParseWords(%q) is nil without an error", words)
			}
		}
		if parsed, err := access.ParseObjectWords(kinds); err == nil && len(parsed) == 0 {
			t.Errorf("ParseObjectWords(%q) is empty without an error", kinds)
		}
	})
}
