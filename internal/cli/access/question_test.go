package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// TestQuestions pins what each question is checked against; the answers follow domain.md, section 5.
func TestQuestions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		on             braintrust.ObjectType
		words, objects string
		want           []string
		err            string
	}{
		{on: "project", words: "read", want: []string{"read: read project"}},
		{on: "project", words: "all", want: []string{"read: read project", "create: create project", "update: update project", "delete: delete project"}},
		{on: "project", words: "create", objects: "datasets", want: []string{"create datasets: create dataset in project"}},
		{on: "project", words: "read", objects: "scorers,experiments", want: []string{"read scorers: read prompt in project", "read experiments: read experiment in project"}},
		{on: "project", words: "read", objects: "logs", want: []string{"read logs: read project_log"}},
		{on: "project", words: "manage-access", want: []string{"manage-access: create_acls project, read_acls project, update_acls project, delete_acls project"}},
		{on: "project", words: "read_acls", want: []string{"read_acls: read_acls project"}},
		{on: "org_project", words: "create", want: []string{"create: create project in org_project"}},
		{on: "org_project", words: "read", want: []string{"read: read org_project"}},
		{on: "org_project", words: "create", objects: "datasets", want: []string{"create datasets: create dataset in org_project"}},
		{on: "organization", words: "manage-members,remove-members", want: []string{"manage-members: create org_member", "remove-members: delete org_member"}},
		{on: "organization", words: "manage-settings", want: []string{"manage-settings: update organization"}},
		{on: "organization", words: "read-audit-logs", want: []string{"read-audit-logs: read org_audit_logs"}},
		{on: "organization", words: "create", objects: "projects", want: []string{"create projects: create project in org_project"}},
		{on: "organization", words: "create", objects: "groups,roles", want: []string{"create groups: create group in organization", "create roles: create role in organization"}},
		{on: "experiment", words: "update", want: []string{"update: update experiment"}},
		{on: "group", words: "delete", want: []string{"delete: delete group"}},
		{on: "project", words: "none", err: "asks about nothing"},
		{on: "project", words: "raed", err: "unknown permission"},
		{on: "project", words: "manage-members", err: "unknown permission"},
		{on: "project", words: "read", objects: "datasetz", err: "unknown kind"},
	} {
		t.Run(fmt.Sprintf("%s/%s/%s", test.on, test.words, test.objects), func(t *testing.T) {
			t.Parallel()
			asked, err := questions(access.Table{}, resolve.Target{Node: access.Node{Type: test.on, ID: "id"}}, test.words, test.objects)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, told(asked)); diff != "" {
				t.Errorf("questions (-want +got):\n%s", diff)
			}
		})
	}
}

func told(asked []question) []string {
	var out []string
	for _, q := range asked {
		var parts []string
		for _, p := range q.parts {
			part := string(p.permission) + " " + string(p.node.Type)
			if p.child != "" {
				part = string(p.permission) + " " + string(p.child) + " in " + string(p.node.Type)
			}
			parts = append(parts, part)
		}
		out = append(out, strings.TrimSpace(q.word+" "+q.kind)+": "+strings.Join(parts, ", "))
	}
	return out
}
