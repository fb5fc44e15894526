package assert_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/orgview"
	"btadmin/internal/policy/assert"
)

// Expectations are written by hand from docs/adr/0027-policy-tests.md.
func TestMeaning(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, test string
		asked      int
		failures   []string
		problems   []string
		warnings   []string
	}{
		{
			name: "a pattern of people, a pattern of projects", test: `who: "*@PARTNER.com", cannot: [read], at: "logs in prod-*"`,
			asked: 4, failures: []string{"user:Kim@partner.com has read on logs:prod-a, and must not"},
		},
		{
			name: "can is asked of every user of a group, nested ones too", test: `who: "group:ml-engineers", can: [create, update], at: experiments in fraud-model`,
			asked: 4,
		},
		{
			name: "can fails for each who cannot", test: `who: "group:ml-engineers", can: [read, delete], at: experiments in fraud-model`,
			asked: 4, failures: []string{
				"user:dana@acme.com does not have delete for experiments in project:fraud-model",
				"user:lou@acme.com does not have delete for experiments in project:fraud-model",
			},
		},
		{
			name: "only: reading grants manages nothing; a group that nobody is in is told", test: `only: ["group:Owners"], can: [manage_access], at: organization`,
			asked: 5, warnings: []string{"group:ghosts can, too; nobody is in it now"},
		},
		{
			name: "only: a part of manage_access by its name", test: `only: ["group:Owners"], can: [read_acls], at: organization`,
			asked: 5, failures: []string{"user:lee@partner.com has read_acls on organization, and must not"},
		},
		{
			name: "only: those who may need not", test: `only: ["group:Owners", "group:contractors", "*@acme.com"], can: [delete], at: "project:fraud-model"`,
			asked: 2,
		},
		{
			name: "only and except", test: `only: ["group:Owners", "group:ghosts"], can: [manage_access], at: organization, except: [lee@partner.com]`,
			asked: 4,
		},
		{
			name: "accounts, but for one; a project is not what is in it", test: `who: "sa:*", cannot: [delete], at: all_projects, except: ["sa:data-plane"]`,
			asked: 6,
		},
		{
			name: "all projects, told once where it begins", test: `who: "sa:*", cannot: [delete], at: all_projects, except: ["sa:ci"]`,
			asked: 6, failures: []string{
				"service-account:data-plane has delete on every project, those to come included, and must not",
			},
		},
		{
			name: "objects of a kind in all projects", test: `who: "sa:ci", cannot: [delete], at: datasets in all_projects`,
			asked: 5, failures: []string{"service-account:ci has delete for datasets in all-projects, and must not"},
		},
		{
			name: "cannot is about each object that is there", test: `who: kim@partner.com, cannot: [update], at: experiments in fraud-model`,
			asked: 1, failures: []string{"user:Kim@partner.com has update on experiment:fraud-model/exp1, and must not"},
		},
		{
			name: "an object in another project", test: `who: kim@partner.com, cannot: [update], at: experiments in prod-a`, asked: 1,
		},
		{
			name: "can is about objects to come", test: `who: kim@partner.com, can: [update], at: experiments in fraud-model`,
			asked: 1, failures: []string{"user:Kim@partner.com does not have update for experiments in project:fraud-model"},
		},
		{
			name: "a single object", test: `who: kim@partner.com, can: [update], at: "experiment:fraud-model/exp1"`, asked: 1,
		},
		{
			name: "a single object that is not there", test: `who: kim@partner.com, cannot: [update], at: "experiment:fraud-model/exp2"`,
			problems: []string{`experiment:fraud-model/exp2: no experiment "fraud-model/exp2"`},
		},
		{
			name: "playgrounds that nobody can place", test: `who: kim@partner.com, cannot: [read], at: playgrounds in fraud-model`,
			asked: 1, warnings: []string{"grants on playground:" + id(playground1) + " were not counted: nobody knows which project it is in"},
		},
		{
			name: "playgrounds are in some project", test: `who: kim@partner.com, cannot: [read], at: playgrounds in all_projects`,
			asked: 5, failures: []string{
				"user:Kim@partner.com has read for playgrounds in project:support-bot, and must not",
				"user:Kim@partner.com has read on playground:" + id(playground1) + ", and must not",
			},
		},
		{
			name: "cannot asks the group too: its next user could", test: `who: "group:ghosts", cannot: [manage_access], at: organization`,
			asked: 1, failures: []string{"group:ghosts has create_acls on organization, and must not"}, // it can give itself the rest
			warnings: []string{"nobody is in group:ghosts: the group itself was asked about"},
		},
		{
			name: "can of a group without users is asked of the group", test: `who: "group:ghosts", can: [manage_access], at: organization`,
			asked: 1, failures: []string{"group:ghosts does not have read_acls, update_acls, delete_acls on organization"},
			warnings: []string{"nobody is in group:ghosts: the group itself was asked about"},
		},
		{
			name: "somebody who is not there can do nothing", test: `who: left@acme.com, can: [read], at: "project:prod-a"`,
			problems: []string{"user:left@acme.com is not in the organization, and so can do nothing"},
		},
		{
			name: "and is no danger", test: `who: left@acme.com, cannot: [read], at: "project:prod-a"`,
			warnings: []string{"user:left@acme.com matches nobody"},
		},
		{
			name: "a pattern that matches nobody", test: `who: "*@nowhere.com", can: [read], at: "project:prod-a"`,
			warnings: []string{"user:*@nowhere.com matches nobody"},
		},
		{
			name: "a project that is not there", test: `who: dana@acme.com, can: [read], at: "project:later"`,
			problems: []string{"there is no project later"},
		},
		{
			name: "what nobody may do in it when it comes", test: `who: "group:Owners", cannot: [read], at: "project:later", except: ["sa:*"]`,
			asked: 2, failures: []string{
				"user:ana@acme.com has read on every project, those to come included, and must not",
				"group:Owners has read on every project, those to come included, and must not",
			},
			warnings: []string{"no project matches later: what holds for every project to come was asked"},
		},
		{
			name: "a pattern of projects that matches none", test: `who: dana@acme.com, can: [read], at: "logs in dev-*"`,
			warnings: []string{"no project matches dev-*: nothing was asked"},
		},
		{
			name: "words about a node beside the organization", test: `who: ana@acme.com, can: [manage_members, read_audit_logs], at: organization`, asked: 2,
		},
		{
			name: "and who lacks them", test: `who: dana@acme.com, can: [manage_members], at: organization`,
			asked: 1, failures: []string{"user:dana@acme.com does not have create on members"},
		},
		{
			name: "what is missing everywhere is told once", test: `who: dana@acme.com, can: [manage_access], at: all_projects`,
			asked: 2, failures: []string{"user:dana@acme.com does not have manage-access on every project, those to come included"},
		},
		{
			name: "creating on all projects is creating projects", test: `who: ana@acme.com, can: [create], at: all_projects`, asked: 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := assert.Run(t.Context(), parse(t, "", "  - {name: t, "+tt.test+"}\n"), view(), nil)
			x := r.Results[0]
			var failures []string
			for i := range x.Failures {
				failures = append(failures, assert.Sentence(&x.Failures[i], r.Names))
			}
			for _, d := range []string{
				cmp.Diff(tt.failures, failures), cmp.Diff(tt.problems, x.Problems), cmp.Diff(tt.warnings, x.Warnings), cmp.Diff(tt.asked, x.Asked),
			} {
				if d != "" {
					t.Error(d)
				}
			}
			if passed := len(tt.failures)+len(tt.problems) == 0; x.Passed() != passed || r.Failed() == 0 != passed {
				t.Errorf("passed %v, failed %d", x.Passed(), r.Failed())
			}
		})
	}
}

// A key that cannot see every grant proves no "no", and can prove a "can".
func TestNoIsProven(t *testing.T) {
	t.Parallel()
	v := orgview.New(organization(), orgview.Meta{NoOrgACLs: true, Objects: true})
	d := parse(t, "", `  - {name: a, who: lou@acme.com, cannot: [read], at: playgrounds in prod-a}
  - {name: b, who: lou@acme.com, can: [read], at: "project:fraud-model"}
`)
	if r := assert.Run(t.Context(), d, v, nil); r.Failed() != 0 {
		t.Errorf("everything on the way was seen: %s", assert.Text(r))
	}
	v.Meta.Unread = append(v.Meta.Unread, v.State().Chain(v.Snapshot.Objects[0].Node())[2])
	r := assert.Run(t.Context(), d, v, nil)
	if want := "cannot say no: the grants on all-projects are hidden from the key"; r.Failed() != 1 || strings.Join(r.Results[0].Problems, "") != want {
		t.Errorf("got %q", r.Results[0].Problems)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	r := assert.Run(t.Context(), parse(t, "", `  - {name: no logs, who: "*@partner.com", cannot: [read], at: "logs in prod-*"}
  - {name: fine, who: dana@acme.com, can: [read], at: "project:fraud-model"}
  - {name: gone, who: "*@gone.com", cannot: [read], at: organization}
  - {name: leads delete, who: "group:ml-leads", can: [update], at: datasets in fraud-model}
`), view(), nil)
	want := `access.yaml:4:5: FAILED: no logs
  user:Kim@partner.com has read on logs:prod-a, and must not
    user:Kim@partner.com
    └─ is a member of group:contractors
       └─ has read for logs only on project:prod-a (ACL 00000000-0000-4000-8000-000000000106)
          └─ which contains logs:prod-a
access.yaml:7:5: FAILED: leads delete
  user:lou@acme.com does not have update for datasets in project:fraud-model
    nearest:
    user:lou@acme.com
    └─ is a member of group:ml-leads
       └─ which is a member group of group:ml-engineers
          └─ has update for experiments only on project:fraud-model (ACL 00000000-0000-4000-8000-000000000104)
access.yaml:6:5: warning: gone: user:*@gone.com matches nobody
`
	if d := cmp.Diff(want, assert.Text(r)); d != "" {
		t.Error(d)
	}
	doc := assert.Documents(r)
	if doc.Passed || doc.Failed != 2 || len(doc.Tests[0].Failures[0].Reasons[0].Paths) != 1 || doc.Tests[0].Line != 4 {
		t.Errorf("%+v", doc)
	}
}
