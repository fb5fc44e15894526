package assert_test

import (
	"fmt"
	"testing"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// ids are made of what a thing is called, so that the tables can be read.
func id(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

const (
	org = iota + 1
	ana
	dana
	lou
	kim
	lee
	ci
	dataPlane
	owners
	engineers
	leads
	contractors
	ghosts
	prodA
	prodB
	fraud
	support
	ownerRole
	experiment1
	playground1
)

// organization is the one that every table below is about:
//
//	Owners: ana, sa:data-plane           role Owner on the organization
//	ml-engineers: dana, group ml-leads   fraud-model: read; create, read, update of experiments
//	ml-leads: lou
//	contractors: kim                     support-bot: read; prod-a: read of logs
//	ghosts: nobody                       organization: create_acls
//	sa:ci                                all projects: delete of datasets
//	kim                                  update of experiment fraud-model/exp1; read of a playground
//	lee                                  organization: read_acls
func organization() *access.Snapshot {
	user := func(n int, email, name string) braintrust.User {
		return braintrust.User{ID: id(n), Email: email, GivenName: name}
	}
	group := func(n int, name string, users []string, groups ...string) braintrust.Group {
		return braintrust.Group{ID: id(n), OrgID: id(org), Name: name, MemberUsers: users, MemberGroups: groups}
	}
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: id(org), Name: "acme"}, TokensKnown: true, Complete: true,
		Users: []braintrust.User{
			user(ana, "ana@acme.com", "Ana"), user(dana, "dana@acme.com", "Dana"), user(lou, "lou@acme.com", "Lou"),
			user(kim, "Kim@partner.com", "Kim"), user(lee, "lee@partner.com", "Lee"),
			user(ci, "ci@accounts.invalid", "ci"), user(dataPlane, "dp@accounts.invalid", "data-plane"),
		},
		Tokens: []braintrust.ServiceToken{
			{ID: id(90), ServiceAccountID: id(ci), ServiceAccountName: "ci"},
			{ID: id(91), ServiceAccountID: id(dataPlane), ServiceAccountName: "data-plane"},
		},
		Groups: []braintrust.Group{
			group(owners, "Owners", []string{id(ana), id(dataPlane)}), group(engineers, "ml-engineers", []string{id(dana)}, id(leads)),
			group(leads, "ml-leads", []string{id(lou)}), group(contractors, "contractors", []string{id(kim)}), group(ghosts, "ghosts", nil),
		},
		Roles: []braintrust.Role{{ID: id(ownerRole), Name: "Owner"}},
	}
	for _, p := range braintrust.Permissions() {
		s.Roles[0].MemberPermissions = append(s.Roles[0].MemberPermissions, braintrust.RolePermission{Permission: p})
	}
	for n, name := range map[int]string{prodA: "prod-a", prodB: "prod-b", fraud: "fraud-model", support: "support-bot"} {
		s.Projects = append(s.Projects, braintrust.Project{ID: id(n), OrgID: id(org), Name: name})
	}
	s.Objects = []access.Object{{Kind: braintrust.KindExperiment, Object: braintrust.Object{ID: id(experiment1), ProjectID: id(fraud), Name: "exp1"}}}
	project := func(n int) access.Node { return access.Node{Type: braintrust.ObjectProject, ID: id(n)} }
	toGroup := func(n int) access.Principal { return access.Principal{Kind: access.PrincipalGroup, ID: id(n)} }
	toUser := func(n int) access.Principal { return access.Principal{Kind: access.PrincipalUser, ID: id(n)} }
	grant := func(p access.Principal, n access.Node, permission braintrust.Permission, restrict braintrust.ObjectType) {
		item := access.GrantItem(p, n, access.Tuple{Permission: permission, Restrict: restrict})
		s.ACLs = append(s.ACLs, braintrust.ACL{ID: id(100 + len(s.ACLs)), ACLItem: item})
	}
	organization := access.Node{Type: braintrust.ObjectOrganization, ID: id(org)}
	s.ACLs = append(s.ACLs, braintrust.ACL{ID: id(99), ACLItem: access.RoleItem(toGroup(owners), organization, id(ownerRole))})
	grant(toGroup(engineers), project(fraud), "read", "")
	for _, p := range []braintrust.Permission{"create", "read", "update"} {
		grant(toGroup(engineers), project(fraud), p, braintrust.ObjectExperiment)
	}
	grant(toGroup(contractors), project(support), "read", "")
	grant(toGroup(contractors), project(prodA), "read", braintrust.ObjectProjectLog)
	grant(toGroup(ghosts), organization, "create_acls", "")
	grant(toUser(ci), access.Node{Type: braintrust.ObjectOrgProject, ID: id(org)}, "delete", braintrust.ObjectDataset)
	grant(toUser(kim), access.Node{Type: braintrust.ObjectExperiment, ID: id(experiment1)}, "update", "")
	grant(toUser(kim), access.Node{Type: braintrust.ObjectPromptSession, ID: id(playground1)}, "read", "")
	grant(toUser(lee), organization, "read_acls", "")
	return s
}

func view() *orgview.View { return orgview.New(organization(), orgview.Meta{}) }

// parse reads tests, with the rest of a document before them.
func parse(t *testing.T, rest, tests string) *policy.Desired {
	t.Helper()
	text := "version: 1\norg: acme\n" + rest + "tests:\n" + tests
	p, problems := policy.Parse([]policy.File{{Name: "access.yaml", Data: []byte(text)}})
	if err := problems.Err(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p.Desired
}
