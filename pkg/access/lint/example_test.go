package lint_test

import (
	"fmt"
	"time"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/lint"
	"btadmin/pkg/braintrust"
)

func Example() {
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: "acme"},
		Users:        []braintrust.User{{ID: "ana", Email: "ana@example.com"}},
		Groups:       []braintrust.Group{{ID: "qa", Name: "QA"}}, // nobody is in it
		Projects:     []braintrust.Project{{ID: "chatbot"}},
		ACLs: []braintrust.ACL{{ID: "1", ACLItem: braintrust.ACLItem{
			ObjectType: braintrust.ObjectProject, ObjectID: "chatbot", GroupID: "qa", Permission: braintrust.PermissionRead,
		}}},
	}
	report := lint.Run(lint.Input{
		Snapshot: s, Engine: compiled.Compile(s, compiled.WithImplied()), Names: ids{}, Now: time.Now(), Complete: true,
		IsAccount: func(string) bool { return false },
		Skeleton:  func(name string) string { return name },
		Sees:      func(braintrust.ObjectType) bool { return true },
	}, lint.Options{})
	for _, finding := range report.Findings {
		fmt.Println(finding.Severity, finding.Rule, finding.Message)
	}
	// Output:
	// note grant-to-empty-group group:qa has no users, but 1 grant
	// note empty-group group:qa has no users
	// note member-without-access user:ana is in no group and has no grant
}
