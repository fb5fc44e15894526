package cli_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/sandbox"
)

// rewrite says that what the program writes now is what it is meant to write: go test ./internal/cli -run Golden -update
var rewrite = flag.Bool("update", false, "write the golden files anew")

// everything is a policy in which each sort of difference occurs, a guard fires, a test fails and one cannot be asked.
const everything = `version: 1
org: Acme
manage: {groups: all, prune: true}
guards: {max_removals: {groups: 1}}
members:
  - {email: new@acme.example.com, invite: {send_email: false}}
groups:
  Readers:
    description: Looks at things
    members: [goran@acme.example.com, {group: Evaluators, until: 2099-12-31}, "sa:robot"]
    permissions:
      projects: {"S*": [read], Chatbot: {datasets: [read, update]}}
  science: {previously: [ML Research], members: [dana@acme.example.com], permissions: {all_projects: [manage_access]}, approved_by: SEC-1}
  Evaluators: {}
roles:
  Curator: {permissions: {datasets: [create], any: [read]}, assigned_to: [{group: Readers, projects: [Chatbot]}]}
service_accounts:
  robot: {tokens: {t: {store: {file: robot.token}}}}
tests:
  - {name: science reads, who: "group:science", can: [read], at: "project:Chatbot"}
  - {name: only owners, only: ["group:Owners"], can: [read], at: "datasets in Chatbot"}
  - {name: nobody there, who: "*@nowhere.example", cannot: [read], at: organization}
`

// What plan, drift and apply say in JSON, and what a saved plan holds, is what programs and reviewers rely on: no key and
// no type of a value changes without somebody writing the golden files anew, and reading the difference.
func TestGoldenPolicyJSON(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", everything)
	p.file("small.yaml", small)
	golden(t, "policy-plan", p.must("policy", "plan", "--json", "--out", "all.plan"))
	golden(t, "policy-saved-plan", p.read("all.plan"))
	drift := p.btadmin("policy", "drift", "--json")
	drift.expect(t, 6)
	golden(t, "policy-drift", drift.stdout)
	p.must("policy", "plan", "small.yaml", "--out", "small.plan")
	golden(t, "policy-apply", p.must("policy", "apply", "small.yaml", "--plan", "small.plan", "--yes", "--json"))
}

func (p *person) read(name string) string {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(raw)
}

// golden compares the shape of JSON with a file.
func golden(t *testing.T, name, document string) {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(document), &value); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, document)
	}
	found := map[string]map[string]bool{}
	shape(found, "", value)
	var lines []string
	for at, kinds := range found {
		lines = append(lines, at+" "+strings.Join(slices.Sorted(maps.Keys(kinds)), "|"))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	path := filepath.Join("testdata", "shape", name+".txt")
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s: if this is meant, go test ./internal/cli -run Golden -update\n%s", path, diff)
	}
}

// shape notes where a value has what: .differences[].grant object or null. Of words that programs compare, each is noted.
func shape(found map[string]map[string]bool, at string, value any) {
	note := func(kind string) {
		if found[at] == nil {
			found[at] = map[string]bool{}
		}
		found[at][kind] = true
	}
	switch v := value.(type) {
	case map[string]any:
		note("object")
		for key, inner := range v {
			shape(found, at+"."+key, inner)
		}
	case []any:
		note("array")
		for _, inner := range v {
			shape(found, at+"[]", inner)
		}
	case string:
		if word := at[strings.LastIndexByte(at, '.')+1:]; slices.Contains([]string{"kind", "action", "rule", "change", "guard", "bypass"}, word) && strings.Count(at, "[]") == 1 {
			note("'" + v + "'")
			return
		}
		note("string")
	case nil:
		note("null")
	default:
		note(fmt.Sprintf("%T", v))
	}
}
