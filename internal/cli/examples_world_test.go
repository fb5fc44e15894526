package cli_test

// world makes the organization and the files that the examples of the commands speak of.
const world = `
q() { btadmin "$@" --quiet --yes >/dev/null; }
btadmin snapshot save monday.btsnap --quiet
q members invite ana@example.com ben@example.com leaver@example.com --no-email
q members invite a@old.example.com b@old.example.com c@old.example.com d@old.example.com --no-email
q groups create Leads --member ana@example.com
q groups create Labelers
q groups create QA --member ana@example.com --member ben@example.com --member leaver@example.com \
  --project 'Chatbot=read,create' --project 'Search=read'
for name in tmp-1 tmp-2 tmp-3; do q groups create $name; done
q groups create Settings --organization manage-settings
q groups create Readers --project Chatbot=read
q groups access grant QA --to ana@example.com --to group:Leads --allow read,update
q acl grant project:Chatbot user:ben@example.com --allow read,update,delete
q acl grant project:Search user:leaver@example.com --allow read
q roles create "Dataset curator" --permission create,read,update/datasets
q roles create tmp-role --permission read
q service-accounts create ci --group Engineers --token-name ci --out ci.token
owner() { q "$@" --approve-superuser "$(btadmin "$@" --dry-run --jq .plan_hash)"; }
owner service-accounts create admin --group Owners
q service-tokens create admin --name admin --out admin.token
q service-accounts create idle
q service-tokens create reporter --name nightly --project 'Chatbot=read' --out nightly.token
q service-tokens create reporter --name 2024 --out 2024.token
btadmin snapshot save friday.btsnap --quiet
cp friday.btsnap acme.btsnap; cp friday.btsnap acme.snapshot
btadmin runs verify --jq .head > journal-head.txt
mkdir -p access .config/btadmin .config/fish/completions
printf 'principal,permission,object\nuser:ana@example.com,read,project:Chatbot\n' > questions.csv
printf 'object,principal,allow\nproject:Chatbot,group:QA,read\n' > grants.csv
printf '{"object":"project:Chatbot","principal":"group:QA","allow":"read"}\n' > grants.jsonl
printf 'object,principal,allow\nproject:Search,user:leaver@example.com,read\n' > leavers.csv
printf 'leaver@example.com\n' > leavers.txt
printf 'email\nana@example.com\nben@example.com\n' > members.csv
printf 'email\nbo@acme.example.com\n' > new-members.csv
printf 'email\nnew@example.com\n' > new-people.csv
cp friday.btsnap approved.btsnap
cat > access.yaml <<'POLICY'
version: 1
org: Acme
groups:
  QA:
    members: [ana@example.com]
tests:
  - {name: QA grants nothing at large, who: "group:QA", cannot: [manage_access], at: all_projects}
POLICY
cp access.yaml access/groups.yaml
btadmin policy fmt -w access.yaml access/ >/dev/null 2>&1
btadmin policy plan --out access.plan --quiet >/dev/null
printf 'profiles:\n  eu: {org: Acme, api-url: "https://api.eu.example.com"}\n  old-1: {org: Acme}\n  old-2: {org: Acme}\n' > .config/btadmin/config.yaml
chmod 600 .config/btadmin/config.yaml
`

// standIns prints what stands in the examples for an id, and below it an id of the organization.
const standIns = `
echo 3f2a91c0;                             btadmin runs list --jq '.[0].id'
echo 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10; btadmin acl list --principal group:QA --jq '.[0].id'
echo /v1/group/ID;                         btadmin groups view QA --jq '"/v1/group/" + .id'
echo USER-ID;                              btadmin members view ana@example.com --jq .id
`

// exampleRule is what one example needs beyond the world, or why it cannot run.
type exampleRule struct {
	skip      string // the reason
	before    string // commands that come first
	code      int
	noSandbox bool // the profile or the server of the example matters
}

// exampleRules lists the examples that are not simply run and succeed.
func exampleRules() map[string]exampleRule {
	const (
		serves   = "serves until it is stopped; testdata/script/sandbox_serve.txtar does"
		program  = "needs a program that is not part of btadmin"
		copies   = "needs two organizations; testdata/script/access_copy.txtar has them"
		login    = "needs a server that takes the key; testdata/script/auth.txtar has one"
		noGroups = "for name in QA Labelers; do btadmin groups delete $name --yes --confirm $name; done"
		noCI     = "for name in ci reporter data-plane; do btadmin service-accounts delete $name --yes --confirm $name; done"
	)
	asks := exampleRule{code: 4} // a question, which needs a terminal
	finds := exampleRule{code: 6}
	return map[string]exampleRule{
		"btadmin policy plan access/ --out access.plan --exit-code":                                                               {before: "rm access.plan", code: 6},
		"btadmin policy export --out access.yaml":                                                                                 {before: "rm access.yaml"},
		"btadmin policy init":                                                                                                     {before: "rm access.yaml"},
		"btadmin policy init --snapshot friday.btsnap":                                                                            {before: "rm access.yaml"},
		"btadmin policy drift":                                                                                                    finds,
		"btadmin policy drift access/ --strict -o sarif > drift.sarif":                                                            finds,
		"btadmin policy drift --json --jq '.differences[] | select(.owned) | .summary'":                                           finds,
		"btadmin access copy --from production --to sandbox --yes --json --jq '.unmatched[].name'":                                {skip: copies},
		"btadmin access copy --from staging --to production --groups 'ml-*' --groups QA":                                          {skip: copies},
		"btadmin access copy --from staging --to production --dry-run":                                                            {skip: copies},
		"btadmin policy apply":                                                                                                    asks,
		"btadmin sandbox serve":                                                                                                   {skip: serves},
		"btadmin sandbox serve --listen 127.0.0.1:8787 --tls --json":                                                              {skip: serves},
		"btadmin sandbox serve --fail-rate 0.1 --drop-after-commit 0.05 --fault-seed 7 --dir ./sandbox":                           {skip: serves},
		"btadmin access export --format openfga --out openfga && fga store import --file openfga/store.fga.yaml":                  {skip: program},
		"BRAINTRUST_API_KEY=$(btadmin auth token) some-program":                                                                   {skip: program},
		"btadmin auth token --profile eu | some-program --token-stdin":                                                            {skip: program},
		"pass show braintrust | btadmin auth login --token-stdin --org Acme":                                                      {skip: program},
		"btadmin auth login --token-stdin --insecure-storage < key.txt":                                                           {skip: login},
		"btadmin auth login --profile eu --api-url https://api-eu.braintrust.dev":                                                 {skip: login},
		"btadmin service-tokens rotate admin --yes --override G3 --reason \"yearly rotation\" | btadmin auth login --token-stdin": {skip: login},

		"btadmin auth login --no-browser --org Acme":                               {skip: login},
		"btadmin auth login":                                                       {skip: login},
		"btadmin auth logout":                                                      {noSandbox: true},
		"btadmin auth status --profile eu --json":                                  {code: 2}, // logged out
		"btadmin acl delete 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10":                  asks,
		"btadmin groups access revoke QA --to ana@example.com --allow read,update": asks,
		"btadmin groups create":                                                    asks,
		"btadmin groups delete QA":                                                 asks,
		"btadmin groups members remove QA ana@example.com":                         asks,
		"btadmin groups members set QA --file members.csv":                         asks,
		"btadmin members remove leaver@example.com":                                asks,
		"btadmin profiles delete eu":                                               asks,
		"btadmin roles delete \"Dataset curator\"":                                 asks,
		"btadmin sandbox reset":                                                    asks,
		"btadmin service-accounts delete ci":                                       asks,
		"btadmin service-tokens delete ci":                                         asks,

		"btadmin access diff monday.btsnap":                                                                     finds,
		"btadmin access diff monday.btsnap friday.btsnap":                                                       finds,
		"btadmin access diff monday.btsnap --json --jq '.changes[] | select(.change == \"gained\") | .summary'": finds,
		"btadmin access explain user:ana@example.com delete project:Chatbot":                                    finds,
		"btadmin access lint": finds,
		"btadmin access lint --ignore service-account-owner:sa:admin --ignore direct-grant": finds,
		"btadmin access lint --rule old-token,dangling-subject --token-age 30":              finds,
		"btadmin access lint -o sarif > access.sarif":                                       finds,

		// A terminal asks for the name; a script needs --approve-superuser.
		"btadmin service-tokens create data-plane --group Owners --out data-plane.token":                           {code: 7},
		"btadmin service-accounts create data-plane --group Owners --token-name data-plane --out data-plane.token": {before: noCI, code: 7},

		"btadmin groups create QA -d \"Quality assurance\" --member ana@example.com --project 'Chatbot=read,create'":           {before: noGroups},
		"btadmin groups create Labelers --project-objects 'Chatbot/datasets=all' --project-objects 'Chatbot/logs=read' --json": {before: noGroups},
		"btadmin roles create \"Dataset curator\" -d \"Keeps datasets\" --permission create,read,update/datasets":              {before: "btadmin roles delete 'Dataset curator' --yes"},
		"btadmin roles create Auditor --include-role Viewer --permission read_acls --json":                                     {before: "btadmin roles delete Auditor --yes"},
		"btadmin service-accounts create ci --group Engineers":                                                                 {before: noCI},
		"TOKEN=$(btadmin service-accounts create ci --group Engineers --token-name ci)":                                        {before: noCI},
		"btadmin service-accounts create reporter --project 'Chatbot=read' --project-objects 'Chatbot/logs=read'":              {before: noCI},
		"btadmin snapshot save acme.btsnap":                          {before: "rm acme.btsnap"},
		"btadmin snapshot save acme.btsnap --json --jq .fingerprint": {before: "rm acme.btsnap"},
		"btadmin config set output json":                             {noSandbox: true, before: "btadmin config set output csv --profile eu; btadmin profiles use eu"},
		"btadmin config set output \"\"":                             {noSandbox: true, before: "btadmin profiles use eu"},

		// Keys are made in the web application: nobody in the world of the examples has one that is named so.
		"btadmin api-keys delete ana@example.com/notebook":                                                                   {code: 4},
		"btadmin api-keys delete 0b4c7c1e-35c1-4f5f-9f0e-3a1f5a0a7f10 --yes":                                                 {code: 4},
		"btadmin api-keys list --jq '.[] | select(.user_email == \"leaver@example.com\")' | btadmin api-keys delete - --yes": {code: 4},
		"btadmin service-tokens list --jq '.[] | select(.created < \"2025-01-01\")' | btadmin service-tokens delete - --yes": {code: 4},
	}
}
