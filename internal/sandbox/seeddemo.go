package sandbox

import (
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// demoPeople are the colleagues of the owner Ada; with her they are twelve.
var demoPeople = []struct{ given, family string }{
	{"Bo", "Andersson"}, {"Chidi", "Okafor"}, {"Dana", "Reyes"}, {"Emeka", "Nwosu"}, {"Fatima", "Zahra"}, {"Goran", "Petrov"},
	{"Hana", "Sato"}, {"Iris", "Novak"}, {"Jonas", "Weber"}, {"Kavya", "Iyer"}, {"Liam", "O'Brien"},
}

// demoGroups are the members of each group, by given name or name of the service account.
var demoGroups = []struct {
	name, description string
	members, nested   []string
}{
	{"Owners", "", []string{"Bo"}, nil},
	{"Engineers", "", []string{"Chidi", "Dana", "Emeka", "ci-evals"}, nil},
	{"Viewers", "", []string{"Goran", "Hana", "nightly-report"}, nil},
	{"Evaluators", "Run and judge experiments", []string{"Fatima", "Iris"}, nil},
	{"ML Research", "Owns experiments and datasets", []string{"Dana", "Jonas"}, []string{"Evaluators"}},
	{"Contractors", "External writers of prompts", []string{"Kavya", "Liam"}, nil},
}

// demoProjects are what is in each project; a function has its type after the colon.
var demoProjects = []struct {
	name, description, creator                            string
	experiments, datasets, prompts, functions, playground []string
}{
	{
		"Chatbot", "The assistant on the web site", "Ada", []string{"baseline", "gpt-tone-v2"}, []string{"golden-questions", "thumbs-down"},
		[]string{"system-prompt", "handover"}, []string{"tone-scorer:scorer", "lookup-order:tool", "intent:classifier"}, []string{"Tone playground"},
	},
	{
		"Search", "Ranking of search results", "Chidi", []string{"bm25", "hybrid"}, []string{"queries-2025"},
		[]string{"rewrite-query"}, []string{"ndcg:scorer"}, []string{"Query playground"},
	},
	{
		"Document QA", "Answers from the handbook", "Dana", []string{"chunking"}, []string{"handbook"},
		[]string{"answer-with-sources"}, []string{"faithfulness:scorer"}, nil,
	},
	{
		"Fraud Review", "Second opinion on payments", "Bo", []string{"threshold-sweep"}, []string{"labelled-cases"},
		[]string{"explain-decision"}, []string{"risk-band:classifier"}, nil,
	},
	{
		"Onboarding", "Drafts of welcome mails", "Emeka", []string{"subject-lines"}, []string{"welcome-mails"},
		[]string{"welcome"}, []string{"fetch-profile:task"}, []string{"Welcome playground"},
	},
}

// demo is Acme: twelve people, four service accounts, six groups, five projects. On plans below Enterprise it has
// no custom groups and no grants on single projects, because nobody could have made them.
func (g *seeder) demo() {
	g.demoMembers()
	projects := g.demoProjects()
	if g.enterprise {
		g.demoRoles()
		g.demoGrants(projects)
	}
}

func (g *seeder) demoMembers() {
	g.users["Ada"] = g.owner.id
	for _, p := range demoPeople {
		id := g.id()
		g.users[p.given] = id
		g.user(id, document{
			"given_name": quoted(p.given), "family_name": quoted(p.family),
			"email": quoted(slug(p.given) + "@acme.example.com"),
		}, userRow{})
	}
	for _, name := range []string{"ci-evals", "data-plane", "nightly-report"} {
		r := g.serviceAccount(name)
		if name != "nightly-report" { // an account without a token
			g.insertToken(g.id(), r, name, g.s.newKey(ServiceTokenPrefix), g.time(), false)
		}
	}
	for _, name := range []string{"Chidi", "Hana"} {
		g.insertAPIKey(g.id(), g.member(g.users[name]), "notebook", g.s.newKey(UserKeyPrefix), g.time(), false)
	}
	for _, d := range demoGroups {
		var users, groups []string
		for _, name := range d.members {
			users = append(users, g.users[name])
		}
		for _, name := range d.nested {
			groups = append(groups, g.byName[name])
		}
		switch id := g.byName[d.name]; {
		case id != "":
			g.addMembers(id, users)
		case g.enterprise:
			g.created(g.owner.id, access.Node{Type: braintrust.ObjectGroup, ID: g.group(d.name, d.description, users, groups)})
		}
	}
}

func (g *seeder) demoProjects() map[string]string {
	ids := make(map[string]string)
	for _, p := range demoProjects {
		id, creator := g.id(), g.users[p.creator]
		ids[p.name] = id
		g.put(kindProject, id, document{"name": quoted(p.name), "description": quoted(p.description), "user_id": quoted(creator)})
		g.created(creator, access.Node{Type: braintrust.ObjectProject, ID: id})
		for _, name := range p.experiments {
			g.object(kindExperiment, id, name, document{})
		}
		for _, name := range p.datasets {
			g.object(kindDataset, id, name, document{"url_slug": quoted(slug(name))})
		}
		for _, name := range p.prompts {
			g.object(kindPrompt, id, name, document{"slug": quoted(slug(name)), "_xact_id": quoted(g.nextVersion())})
		}
		for _, name := range p.functions {
			g.function(id, name)
		}
		for _, name := range p.playground {
			g.object(kindPlayground, id, name, document{})
		}
	}
	return ids
}

func (g *seeder) object(kind, project, name string, d document) {
	d["project_id"], d["name"] = quoted(project), quoted(name)
	g.put(kind, g.id(), d)
}

func (g *seeder) function(project, nameAndType string) {
	name, kind := cutLast(nameAndType)
	g.object(kindFunction, project, name, document{
		"slug": quoted(slug(name)), "_xact_id": quoted(g.nextVersion()), "function_type": quoted(kind),
		"function_data": []byte(`{"type":"code","data":{"type":"inline","runtime_context":{"runtime":"node","version":"20"},"code":"export default () => 1"}}`),
	})
}

func (g *seeder) demoRoles() {
	tuple := func(p braintrust.Permission, t braintrust.ObjectType) braintrust.RolePermission {
		return braintrust.RolePermission{Permission: p, RestrictObjectType: t}
	}
	g.put(kindRole, g.id(), document{
		"name": quoted("Prompt editor"), "description": quoted("Writes prompts and functions"),
		"member_permissions": marshal([]braintrust.RolePermission{
			tuple(braintrust.PermissionCreate, braintrust.ObjectPrompt), tuple(braintrust.PermissionRead, braintrust.ObjectPrompt),
			tuple(braintrust.PermissionUpdate, braintrust.ObjectPrompt),
		}),
	})
	g.put(kindRole, g.id(), document{
		"name": quoted("Auditor"), "description": quoted("Reads everything and who may do what"),
		"member_permissions": marshal([]braintrust.RolePermission{tuple(braintrust.PermissionReadACLs, "")}),
		"member_roles":       list([]string{g.systemRole("Viewer").id}),
	})
}

func (g *seeder) demoGrants(projects map[string]string) {
	at := func(name string) access.Node {
		return access.Node{Type: braintrust.ObjectProject, ID: projects[name]}
	}
	tuple := func(p braintrust.Permission, t braintrust.ObjectType) access.Tuple {
		return access.Tuple{Permission: p, Restrict: t}
	}
	research, evaluators, contractors := group(g.byName["ML Research"]), group(g.byName["Evaluators"]), group(g.byName["Contractors"])
	for _, name := range []string{"Chatbot", "Search"} {
		g.grantItem(access.GrantItem(evaluators, at(name), tuple(braintrust.PermissionRead, "")))
		for _, p := range braintrust.Permissions()[:4] {
			g.grantItem(access.GrantItem(research, at(name), tuple(p, braintrust.ObjectExperiment)))
			g.grantItem(access.GrantItem(research, at(name), tuple(p, braintrust.ObjectDataset)))
		}
	}
	g.grantItem(access.GrantItem(contractors, at("Chatbot"), tuple(braintrust.PermissionRead, braintrust.ObjectProject)))
	g.grantRole(contractors, at("Chatbot"), "Prompt editor")
	g.grantRole(user(g.users["Iris"]), access.Node{Type: braintrust.ObjectOrganization, ID: g.orgID()}, "Auditor")
	g.grantItem(access.GrantItem(user(g.users["data-plane"]), access.Node{Type: braintrust.ObjectOrgProject, ID: g.orgID()}, tuple(braintrust.PermissionRead, "")))
	g.grantItem(access.GrantItem(user(g.users["Jonas"]), access.Node{Type: braintrust.ObjectGroup, ID: g.byName["Evaluators"]}, tuple(braintrust.PermissionRead, "")))
	g.grantItem(access.GrantItem(user(g.users["Jonas"]), access.Node{Type: braintrust.ObjectGroup, ID: g.byName["Evaluators"]}, tuple(braintrust.PermissionUpdate, "")))
}
