package cli_test

// conformanceStep is a command line of the session, split at spaces, after $NAMES are replaced.
type conformanceStep struct {
	line  string
	code  int    // that it has to end with
	stdin string // what is typed or piped into it
	keep  string // its output becomes $NAME for the steps that follow
	key   string // acts with this kept key instead of the owner's token
}

// conformanceFiles are what the session reads, in $DIR.
func conformanceFiles() map[string]string {
	return map[string]string{
		"people.csv":    "email\nchidi@acme.example.com\ndana@acme.example.com\n",
		"rows.csv":      "object,principal,allow,objects,role\nproject:Chatbot,group:QA,\"read,create\",,\nexperiment:Chatbot/baseline,sa:ci-evals,update,,\nproject:Search,group:QA,,,Viewer\n",
		"tests.yaml":    "version: 1\norg: Acme\ntests: [{name: t, who: \"group:Contractors\", cannot: [delete], at: \"project:Search\"}]\n",
		"questions.csv": "principal,permission,object,objects\nuser:kavya@acme.example.com,\"read,update\",project:Chatbot,prompts\ngroup:Contractors,delete,project:Search,\n",
		"small.yaml":    "version: 1\norg: Acme\ngroups: {Judges: {members: [bo@acme.example.com], permissions: {projects: {Chatbot: [read]}}}}\nroles: {Judge: {permissions: {datasets: [read]}, assigned_to: [{group: Judges, projects: [Search]}]}}\n",
		"body.json":     `{"description":"made by hand"}`,
	}
}

// conformanceSession is the whole command set that talks to the API, as one session in the demo organization.
func conformanceSession() []conformanceStep {
	var all []conformanceStep
	for _, part := range [][]conformanceStep{groupSteps(), aclSteps(), peopleSteps(), accountSteps(), questionSteps(), otherSteps()} {
		all = append(all, part...)
	}
	return all
}

func groupSteps() []conformanceStep {
	return []conformanceStep{
		{line: "groups list"},
		{line: "groups create QA -d Quality --member bo@acme.example.com --include-group Evaluators --organization read-audit-logs,manage-members --all-projects read --project Chatbot=read,create --project-objects Chatbot/datasets=all"},
		{line: "groups create Ops --json"},
		{line: "groups create QA -d other", code: 1},
		{line: "groups create Bad --project Chatbto=read", code: 4},
		{line: "groups view QA"},
		{line: "groups view Nobody", code: 4},
		{line: "groups view 00000000-0000-4000-8000-000000000000", code: 4},
		{line: "groups permissions QA"},
		{line: "groups edit QA --name Quality --description New"},
		{line: "groups edit Quality --name QA"},
		{line: "groups grant QA --organization manage-settings --dry-run"},
		{line: "groups grant QA --organization manage-settings,remove-members"},
		{line: "groups grant QA --project Chatbot --objects experiments,datasets,logs,prompts,playgrounds,functions,scorers,classifiers --allow all"},
		{line: "groups grant QA --on experiment:Chatbot/baseline --allow update,manage-access"},
		{line: "groups grant QA --organization manage-access --dry-run --jq .plan_hash", keep: "HASH"},
		{line: "groups grant QA --organization manage-access --yes --approve-superuser $HASH"},
		{line: "groups revoke QA --organization manage-access,manage-settings --yes"},
		{line: "groups revoke QA --project Chatbot --objects logs,prompts --allow update --yes"},
		{line: "groups members QA"},
		{line: "groups members list QA"},
		{line: "groups members add QA sa:ci-evals group:Contractors iris@acme.example.com"},
		{line: "groups members add QA --file $DIR/people.csv"},
		{line: "groups members remove QA bo@acme.example.com group:Contractors --yes"},
		{line: "groups members set QA fatima@acme.example.com group:Evaluators --yes --max-removals memberships=4"},
		{line: "groups access list QA"},
		{line: "groups access QA"},
		{line: "groups access grant QA --to bo@acme.example.com --to group:Evaluators --to sa:ci-evals --allow read,update,delete,manage-access"},
		{line: "groups access revoke QA --to group:Evaluators --allow update,manage-access --yes"},
		{line: "groups delete Ops --yes --confirm Ops"},
	}
}

func aclSteps() []conformanceStep {
	return []conformanceStep{
		{line: "acl list"},
		{line: "acl list project:Chatbot"},
		{line: "acl list --principal group:QA --permission read --restrict datasets"},
		{line: "acl list --role Owner --principal ada@acme.example.com"},
		{line: "acl list playground:00000000-0000-4000-8000-000000000000", code: 4},
		{line: "acl set project:Chatbot group:QA --allow read,delete --yes"},
		{line: "acl set project:Chatbot group:QA --objects scorers --allow none --yes"},
		{line: "acl set logs:Search group:QA --allow read"},
		{line: "acl set dataset:Search/queries-2025 group:QA --allow read,update"},
		{line: "acl set prompt:Search/rewrite-query sa:ci-evals --allow read"},
		{line: "acl set function:Search/ndcg group:QA --allow update"},
		{line: "acl set role:Viewer group:QA --allow read"},
		{line: "acl grant all-projects user:jonas@acme.example.com --allow create"},
		{line: "acl grant members group:QA --allow delete"},
		{line: "acl grant project:Search group:QA --role Viewer"},
		{line: "acl grant project:Chatbot group:QA --allow manage-access --dry-run --json"},
		{line: "acl revoke project:Search group:QA --role Viewer --yes"},
		{line: "acl revoke all-projects user:jonas@acme.example.com --allow all --yes"},
		{line: "acl set --file $DIR/rows.csv --yes"},
		{line: "acl revoke --file - --yes", stdin: `{"object":"project:Search","principal":"group:QA","role":"Viewer"}` + "\n"},
		{line: "acl list experiment:Chatbot/baseline --principal sa:ci-evals --jq .[0].id", keep: "ACL"},
		{line: "acl view $ACL"},
		{line: "acl view 00000000-0000-4000-8000-000000000000", code: 4},
		{line: "acl delete $ACL --yes"},
		{line: "acl delete $ACL --yes", code: 4},

		{line: "projects list"},
		{line: "projects view Chatbot"},
		{line: "projects permissions Chatbot"},
		{line: "roles list"},
		{line: "roles create Curator -d Keeps --permission create,read,update/datasets --include-role Viewer"},
		{line: "roles create Curator --permission read", code: 1},
		{line: "roles view Curator"},
		{line: "roles edit Curator --add-permission delete/dataset --remove-permission create --remove-role Viewer --name Keeper -d Other --yes"},
		{line: "roles edit Keeper --add-role Viewer"},
		{line: "roles delete Keeper --yes"},
	}
}

func peopleSteps() []conformanceStep {
	return []conformanceStep{
		{line: "members list"},
		{line: "members view dana@acme.example.com"},
		{line: "members view sa:ci-evals"},
		{line: "members invite zoe@acme.example.com yan@acme.example.com --group Viewers --group QA --no-email"},
		{line: "members invite --file -", stdin: "una@acme.example.com\nvic@acme.example.com\n"},
		{line: "members invite zoe@acme.example.com --group Contractors"},
		{line: "members remove zoe@acme.example.com --yes --confirm zoe@acme.example.com"},
		{line: "api-keys list"},
		{line: "api-keys delete hana@acme.example.com/notebook --yes"},
		{line: "orgs list"},
		{line: "orgs view"},
		{line: "orgs edit --image-rendering-mode click_to_load"},
	}
}

func accountSteps() []conformanceStep {
	return []conformanceStep{
		{line: "service-accounts list"},
		{line: "service-accounts create bot --group Engineers --organization read-audit-logs --all-projects read --project Chatbot=read --project-objects Chatbot/datasets=all --token-name first", keep: "BOT"},
		{line: "service-accounts create plain"},
		{line: "service-accounts view bot"},
		{line: "service-tokens list"},
		{line: "service-tokens create plain --name deploy --group Viewers --out $DIR/plain.token"},
		{line: "service-tokens create fresh --project Chatbot=read", keep: "FRESH"},
		{line: "service-tokens create more", key: "FRESH", code: 2},
		{line: "groups list", key: "FRESH"},
		{line: "acl list project:Chatbot", key: "FRESH", code: 2},
		{line: "projects permissions Chatbot", key: "FRESH", code: 2},
		{line: "groups create Refused", key: "FRESH", code: 2},
		{line: "service-tokens rotate fresh --yes", keep: "FRESH"},
		{line: "service-tokens delete plain/deploy --yes"},
		{line: "service-accounts delete plain --yes --confirm plain"},
		{line: "auth status"},
		{line: "auth status", key: "FRESH"},
		{line: "auth login --token-stdin --insecure-storage --profile mine", stdin: "$FRESH\n"},
	}
}

func questionSteps() []conformanceStep {
	return []conformanceStep{
		{line: "access check user:dana@acme.example.com delete project:Chatbot"},
		{line: "access check user:goran@acme.example.com delete project:Chatbot", code: 6},
		{line: "access check group:Contractors create project:Chatbot --objects prompts,scorers"},
		{line: "access check user:iris@acme.example.com update experiment:Chatbot/baseline"},
		{line: "access check me manage-members organization"},
		{line: "access check --file $DIR/questions.csv", code: 6},
		{line: "access lint", code: 6},
		{line: "policy test $DIR/tests.yaml"},
		{line: "access paths"},
		{line: "access explain user:dana@acme.example.com delete project:Chatbot"},
		{line: "access who-can manage-access project:Chatbot"},
		{line: "access list user:dana@acme.example.com --objects"},
		{line: "access matrix --by group"},
		{line: "access export --format openfga --permission read"},
		{line: "access report --html $DIR/access.html"},
		{line: "access explain user:goran@acme.example.com delete project:Chatbot", code: 6},
		{line: "snapshot save $DIR/acme.btsnap"},
		{line: "snapshot save $DIR/all.btsnap --objects"},
		{line: "access diff $DIR/all.btsnap live"},
	}
}

func otherSteps() []conformanceStep {
	return []conformanceStep{
		{line: "api GET /v1/group -f group_name=Owners"},
		{line: "api GET /v1/user --paginate"},
		{line: "api GET /v1/acl/list_org?limit=7 --paginate"},
		{line: "api POST /v1/project -f name=Scratch --jq .id", keep: "PROJECT"},
		{line: "api PATCH /v1/project/$PROJECT --input $DIR/body.json"},
		{line: "api DELETE /v1/project/$PROJECT"},
		{line: "undo latest --yes", code: 1},
		{line: "policy export --out $DIR/access.yaml"},
		{line: "policy init $DIR/first.yaml"},
		{line: "policy plan $DIR/access.yaml --exit-code"},
		{line: "policy drift $DIR/access.yaml"},
		{line: "policy plan $DIR/small.yaml --out $DIR/small.plan"},
		{line: "policy apply $DIR/small.yaml --plan $DIR/small.plan --yes"},
		{line: "policy apply $DIR/small.yaml --yes"},
		{line: "groups create Undone"},
		{line: "undo latest --yes --confirm Undone"},
		{line: "runs list"},
		{line: "runs view latest"},
		{line: "runs verify"},

		// These are to send nothing.
		{line: "auth token"},
		{line: "auth logout --profile mine --yes"},
		{line: "commands"},
		{line: "completion bash"},
		{line: "config list"},
		{line: "config get api-url"},
		{line: "permissions list"},
		{line: "permissions learn Engineers"},
		{line: "profiles list"},
		{line: "version"},
	}
}
