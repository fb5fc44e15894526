package policy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
)

// check parses one file and fails on any error.
func check(t *testing.T, data string) *policy.Policy {
	t.Helper()
	p, problems := policy.Parse([]policy.File{{Name: "access.yaml", Data: []byte(data)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

// head is what every policy needs.
const head = "version: 1\norg: acme\n"

func example(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "policy.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// sameDesired compares what two documents ask for. Places and the spelling of durations may differ, and an approval
// is written at each row.
func sameDesired(a, b *policy.Desired) string {
	return cmp.Diff(a, b, cmpopts.IgnoreTypes(document.Pos{}), cmp.Comparer(func(x, y policy.Pattern) bool { return x.String() == y.String() }),
		cmpopts.EquateEmpty())
}

// What is written out in full asks for the same.
func TestPlainAsksForTheSame(t *testing.T) {
	t.Parallel()
	first := check(t, example(t))
	raw := roundTrip(t, first.Desired)
	for _, gone := range []string{"${", `"vars"`, `"use"`, `"profiles"`} {
		if strings.Contains(raw, gone) {
			t.Errorf("%s is still there", gone)
		}
	}
}

// roundTrip writes d out in full, reads it again and compares. It returns what was written.
func roundTrip(t *testing.T, d *policy.Desired) string {
	t.Helper()
	raw, err := json.Marshal(policy.Plain(d))
	if err != nil {
		t.Fatal(err)
	}
	second := check(t, string(raw)) // JSON is YAML
	if diff := sameDesired(d, second.Desired); diff != "" {
		t.Errorf("%s\n%s", raw, diff)
	}
	again, err := json.Marshal(policy.Plain(second.Desired))
	if err != nil || string(again) != string(raw) {
		t.Errorf("writing it again differs: %v\n%s", err, cmp.Diff(string(raw), string(again)))
	}
	return string(raw)
}

func TestMatchProjects(t *testing.T) {
	t.Parallel()
	p := check(t, head+`
manage: {ignore: {projects: [prod-x]}}
profiles: {r: {project: [read], logs: [read]}}
groups:
  g:
    permissions:
      projects:
        "prod-*": {use: r}
        "*-eu": {project: [update], datasets: [read]}
        prod-eu: {datasets: []}
        "none-*": [read]
roles: {mine: {assigned_to: [{group: g, projects: ["prod-?"]}]}}
`)
	unmatched := policy.MatchProjects(p.Desired, []string{"prod-x", "prod-a", "prod-eu", "qa-eu", "other"})
	var got []string
	for _, r := range p.Desired.Groups[0].Grants {
		got = append(got, r.On.Ref()+" "+string(r.Restrict)+" "+strings.Join(r.Words(), ","))
	}
	want := []string{
		"project:prod-eu dataset ", // written by name: the whole truth of that row
		"project:prod-a  read", "project:prod-a project_log read",
		"project:prod-eu  read,update", "project:prod-eu project_log read",
		"project:qa-eu  update", "project:qa-eu dataset read",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(unmatched) != 1 || unmatched[0].Ref() != "project:none-*" || unmatched[0].At.Line() != 13 {
		t.Errorf("unmatched: %v", unmatched)
	}
	if a := p.Desired.Roles[0].Assigned; len(a) != 1 || a[0].On.Ref() != "project:prod-a" {
		t.Errorf("%v", a)
	}
}
