package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func grantsOf(on braintrust.ObjectType, tuples ...access.Tuple) []access.LabelGrant {
	var out []access.LabelGrant
	for _, t := range tuples {
		out = append(out, access.LabelGrant{On: on, Tuple: t})
	}
	return out
}

func TestCorrectedTable(t *testing.T) {
	t.Parallel()
	table, err := access.Table{}.Correct(
		access.Label{Scope: "organization", Word: "manage-members", Confidence: access.Certain, Grants: grantsOf("",
			access.Tuple{Permission: "create", Restrict: "org_member"}, access.Tuple{Permission: "update", Restrict: "org_member"})},
		access.Label{Scope: "objects", Word: "manage-access", Confidence: access.Certain, Grants: grantsOf("", access.Tuple{Permission: "read_acls"}, access.Tuple{Permission: "create_acls"})},
		access.Label{Scope: "objects", Word: "read", Confidence: access.Certain, Grants: grantsOf("", access.Tuple{Permission: "read"})},
	)
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Labels()) != len(access.Table{}.Labels()) {
		t.Error("a correction adds or removes labels")
	}
	if label, _ := table.Label("organization", "manage-members"); label.Title != "Manage members" || label.Confidence != access.Certain {
		t.Errorf("the label is %+v", label)
	}
	if table.Corrected("organization", "remove-members") || !table.Corrected("objects", "read") || (access.Table{}).Corrected("objects", "read") {
		t.Error("what is corrected is told wrong")
	}

	// Words are read, and grants shown, by the corrected table.
	labels, err := table.ParseWords(access.ScopeOrganization, "manage-members")
	if err != nil {
		t.Fatal(err)
	}
	items := labels[0].Items(group("crew"), organization, "")
	want := []braintrust.ACLItem{
		give(group("crew"), organization, "create", "org_member"), give(group("crew"), organization, "update", "org_member"),
	}
	if diff := cmp.Diff(want, items); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if words := table.Describe(items)[0].Words(); len(words) != 1 || words[0] != "manage-members" {
		t.Errorf("shown as %q", words)
	}
	partial := table.Describe(items[:1])[0]
	if len(partial.Words()) != 0 || len(partial.Unnamed) != 0 {
		t.Errorf("half of it is %+v", partial)
	}
	if rows := (access.Table{}).Describe(items); len(rows[0].Unnamed) != 2 {
		t.Errorf("the published table has no word for them: %+v", rows)
	}
	// The kind is filled in where it is used.
	labels, _ = table.ParseWords(access.ScopeObjects, "manage-access")
	if got := labels[0].Items(group("crew"), projectP, "dataset"); len(got) != 2 || got[1] != give(group("crew"), projectP, "create_acls", "dataset") {
		t.Errorf("manage-access on datasets is %v", got)
	}
	// Later corrections take the place of earlier ones, and the first table stays as it was.
	again, err := table.Correct(access.Label{Scope: "organization", Word: "manage-members", Confidence: "likely", Grants: grantsOf("org_member", access.Tuple{Permission: "create"})})
	if err != nil {
		t.Fatal(err)
	}
	if label, _ := again.Label("organization", "manage-members"); len(label.Grants) != 1 {
		t.Errorf("corrected again: %+v", label)
	}
	if label, _ := table.Label("organization", "manage-members"); len(label.Grants) != 2 {
		t.Errorf("a table was changed: %+v", label)
	}
}

func TestCorrectRefuses(t *testing.T) {
	t.Parallel()
	label := func(scope access.Scope, word string, grants ...access.LabelGrant) access.Label {
		return access.Label{Scope: scope, Word: word, Grants: grants, Confidence: access.Certain}
	}
	of := func(on, permission, restrict string) access.LabelGrant {
		return access.LabelGrant{On: braintrust.ObjectType(on), Tuple: access.Tuple{Permission: braintrust.Permission(permission), Restrict: braintrust.ObjectType(restrict)}}
	}
	unsure := label("project", "read", of("", "read", ""))
	unsure.Confidence = "sure"
	for want, l := range map[string]access.Label{
		"no such word":                          label("project", "manage-settings", of("", "update", "")),
		"there is no such word in":              label("page", "read", of("", "read", "")),
		"would stand for nothing":               label("project", "read"),
		`"raed" is no permission`:               label("project", "read", of("", "raed", "")),
		`"cake" is no type`:                     label("organization", "manage-settings", of("", "update", "cake")),
		"is in it twice":                        label("project", "read", of("", "read", ""), of("", "read", "")),
		"belongs to another row":                label("project", "manage-access", of("", "read_acls", "dataset")),
		"org_project read belongs to another":   label("organization", "manage-settings", of("org_project", "read", "")),
		"update belongs to the word update":     label("project", "manage-access", of("", "update", ""), of("", "read_acls", "")),
		"cannot stand for anything else":        label("project", "read", of("", "read", ""), of("", "read_acls", "")),
		"org_member delete belongs to the word": label("organization", "manage-members", of("org_member", "delete", "")),
		`"sure" is no confidence`:               unsure,
	} {
		_, err := access.Table{}.Correct(l)
		var refused *access.CorrectionError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	// Two words may change places in one correction.
	if _, err := (access.Table{}).Correct(label("organization", "manage-members", of("org_member", "delete", "")), label("organization", "remove-members", of("org_member", "create", ""))); err != nil {
		t.Errorf("changing places: %v", err)
	}
}
