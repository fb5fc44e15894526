package assert_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/assert"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// learned is a table in which two words of the organization's page stand for several permissions, one of which every
// member has anyway.
func learned(t *testing.T) access.Table {
	t.Helper()
	of := func(on braintrust.ObjectType, permission braintrust.Permission, restrict braintrust.ObjectType) access.LabelGrant {
		return access.LabelGrant{On: on, Tuple: access.Tuple{Permission: permission, Restrict: restrict}}
	}
	table, err := access.Table{}.Correct(
		access.Label{Scope: access.ScopeOrganization, Word: "manage-settings", Confidence: access.Certain, Grants: []access.LabelGrant{of("", "update", ""), of("", "read", "organization")}},
		access.Label{Scope: access.ScopeOrganization, Word: "manage-members", Confidence: access.Certain, Grants: []access.LabelGrant{of("org_member", "read", ""), of("", "create", "org_member")}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// What every member may without a grant counts, as in access check. Of a word that asks for more it is not what somebody
// must not have: nobody can take it away.
func TestWhatEveryMemberMay(t *testing.T) {
	t.Parallel()
	const every = "  read: every member may, without a grant\n"
	for _, tt := range []struct {
		name, test string
		corrected  bool
		grant      *braintrust.ACLItem
		want       string // the failures with their reasons
	}{
		{name: "reading the organization", test: `who: "*", can: [read], at: organization`},
		{name: "and the list of members", test: `who: kim@partner.com, can: [read], at: members`},
		{name: "and the roles of the system", test: `who: "sa:*", can: [read], at: "role:Owner"`},
		{
			name: "which nobody can be denied", test: `who: lee@partner.com, cannot: [read], at: organization`,
			want: "user:lee@partner.com has read on organization, and must not\n" + every,
		},
		{
			name: "nor kept from others", test: `only: ["group:Owners", "*@acme.com", "sa:ci", lee@partner.com], can: [read], at: members`,
			want: "user:Kim@partner.com has read on members, and must not\n" + every,
		},
		{name: "a group is no member", test: `who: "group:ghosts", cannot: [read], at: organization`},
		{name: "it reaches nothing below", test: `who: lee@partner.com, cannot: [read], at: all_projects`},
		{name: "and is no more than reading", test: `who: dana@acme.com, cannot: [update, delete, read_acls], at: members`},
		{name: "a word that asks for more", test: `who: "*@partner.com", cannot: [manage_settings, manage_members], at: organization`, corrected: true},
		{
			name: "which somebody has as a whole", test: `who: lee@partner.com, cannot: [manage_settings, manage_members], at: organization`, corrected: true,
			grant: &braintrust.ACLItem{ObjectType: braintrust.ObjectOrgMember, ObjectID: id(org), UserID: id(lee), Permission: "create"},
			want: "user:lee@partner.com has create, read on members, and must not\n" +
				"  user:lee@partner.com\n  └─ has create on members (ACL 00000000-0000-4000-8000-000000000200)\n" + every,
		},
		{
			name: "can asks for the rest, too", test: `who: lee@partner.com, can: [manage_settings], at: organization`, corrected: true,
			want: "user:lee@partner.com does not have update on organization\n",
		},
		{
			name: "can, with the rest", test: `who: lee@partner.com, can: [manage_settings], at: organization`, corrected: true,
			grant: &braintrust.ACLItem{ObjectType: braintrust.ObjectOrganization, ObjectID: id(org), UserID: id(lee), Permission: "update"},
		},
	} {
		var table access.Table
		if tt.corrected {
			table = learned(t)
		}
		text := "version: 1\norg: acme\ntests:\n  - {name: it, " + tt.test + "}\n"
		p, problems := policy.ParseWith([]policy.File{{Name: "access.yaml", Data: []byte(text)}}, table)
		if err := problems.Err(); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		v := view()
		if tt.grant != nil {
			v.Snapshot.ACLs = append(v.Snapshot.ACLs, braintrust.ACL{ID: id(200), ACLItem: *tt.grant})
		}
		v = orgview.New(v.Snapshot, v.Meta).WithLabels(table)
		r := assert.Run(t.Context(), p.Desired, v, nil)
		got := assert.Details(&r.Results[0], r.Names, "")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
