package assert_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/policy/assert"
)

// What requires demands is written in the document; who has what is asked of the organization.
func TestRequires(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, document, test string
		want                 []string // sentences, with the line where the document speaks of it
	}{
		{
			name: "every membership", document: `groups:
  contractors: {members: [{email: kim@partner.com, until: 2026-12-31}]}
`, test: `who: "*@partner.com", requires: until`,
		},
		{
			name: "one without", document: `groups:
  contractors: {members: [{email: KIM@partner.com, reason: SOW-118}]}
`, test: `who: "*@partner.com", requires: until`, want: []string{"4 user:Kim@partner.com is in the group contractors without until"},
		},
		{
			name: "a reason is another annotation", document: `groups:
  contractors: {members: [{email: kim@partner.com, reason: SOW-118}]}
`, test: `who: "*@partner.com", requires: reason`,
		},
		{
			name: "one that somebody made by hand", document: `groups:
  qa: {members: []}
`, test: `who: "*@partner.com", requires: until`,
			want: []string{"0 user:Kim@partner.com is in the group contractors without until: the document does not list the membership"},
		},
		{
			name: "one that is still to come", document: `groups:
  contractors: {members: [{email: kim@partner.com, until: 2026-12-31}]}
  qa: {members: [lee@partner.com]}
`, test: `who: "*@partner.com", requires: until`, want: []string{"5 user:lee@partner.com is to be in the group qa without until"},
		},
		{
			name: "the entry of a person is about all", document: `members: [{email: kim@partner.com, until: 2026-12-31}]
groups:
  contractors: {members: [kim@partner.com]}
`, test: `who: "*@partner.com", requires: until`,
		},
		{
			name: "except", document: `groups:
  qa: {members: []}
`, test: `who: "*@partner.com", requires: until, except: ["group:contractors"]`,
		},
		{
			name: "grants that are approved", document: `groups:
  ml-engineers: {approved_by: SEC-1, permissions: {all_projects: [read]}}
`, test: `who: dana@acme.com, requires: approved_by`,
		},
		{
			name: "grants that are not", document: `groups:
  ml-engineers: {permissions: {all_projects: [read], projects: {fraud-model: {project: [read], approved_by: SEC-1}}}}
`, test: `who: dana@acme.com, requires: approved_by`,
			want: []string{"4 group:ml-engineers has read on all-projects without approved_by"},
		},
		{
			name: "grants that the document does not list", document: `groups:
  qa: {members: []}
`, test: `who: "*@partner.com", requires: approved_by`,
			want: []string{"0 group:contractors has grants without approved_by: the document does not list them"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := assert.Run(t.Context(), parse(t, tt.document, "  - {name: t, "+tt.test+"}\n"), view(), nil)
			var got []string
			for i := range r.Results[0].Failures {
				f := &r.Results[0].Failures[i]
				got = append(got, string(rune('0'+f.At.Line()))+" "+assert.Sentence(f, r.Names))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if r.Results[0].Asked == 0 && tt.name != "except" {
				t.Error("nothing was asked")
			}
		})
	}
}
