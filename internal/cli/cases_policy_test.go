package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/pkg/braintrust"
)

// assertion is a test of a policy with what must come out.
type assertion struct {
	Name   string   `json:"name"`
	Who    string   `json:"who,omitzero"`
	Only   []string `json:"only,omitzero"`
	Except []string `json:"except,omitzero"`
	Can    []string `json:"can,omitzero"`
	Cannot []string `json:"cannot,omitzero"`
	At     string   `json:"at"`
	holds  bool
}

// testAll writes every cell as tests of a policy. What access check says to each is in the file of the case (checkAll), and
// the tests must come out accordingly: can where it says yes; cannot where it says no, of a kind in a project also of
// everything of that kind that is there; only with everybody to whom it says yes, and with nobody less.
func (c *caseFile) testAll(t *testing.T, snapshot string) {
	t.Helper()
	var tests []assertion
	others := c.others()
	add := func(a assertion) {
		a.Name = fmt.Sprintf("test %d", len(tests))
		tests = append(tests, a)
	}
	for _, place := range c.places {
		at, sayable := c.testedPlace(place)
		if !sayable {
			continue
		}
		for _, permission := range braintrust.Permissions() {
			p := string(permission)
			word := []string{p}
			var may []string // in the place, or in something in it
			for _, who := range c.users() {
				can := slices.Contains(c.permissionsOf(who, place), p)
				anywhere := can || slices.ContainsFunc(c.within(place), func(inner string) bool {
					return slices.Contains(c.permissionsOf(who, inner), p) && (p != string(braintrust.PermissionCreate) || strings.Contains(inner, ">"))
				})
				if anywhere {
					may = append(may, c.typed(who))
				}
				add(assertion{Who: c.typed(who), Can: word, At: at, holds: can})
				add(assertion{Who: c.typed(who), Cannot: word, At: at, holds: !anywhere})
			}
			if len(may) > 0 {
				add(assertion{Only: may, Except: others, Can: word, At: at, holds: true})
			}
			if len(may) > 1 {
				add(assertion{Only: may[1:], Except: others, Can: word, At: at, holds: false})
			}
		}
	}
	document, err := json.Marshal(map[string]any{"version": 1, "org": c.orgName(), "tests": tests})
	if err != nil {
		t.Fatal(err)
	}
	p := c.asks.on(t)
	p.file("access.yaml", string(document))
	got := p.btadmin("policy", "test", "--snapshot", snapshot, "--json")
	got.expect(t, 6)
	var report struct {
		Tests []struct {
			Passed   bool     `json:"passed"`
			Problems []string `json:"problems"`
		} `json:"tests"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil || len(report.Tests) != len(tests) {
		t.Fatalf("%d of %d tests, %v: %s", len(report.Tests), len(tests), err, got.stderr)
	}
	held := 0
	for i, r := range report.Tests {
		if r.Passed != tests[i].holds || len(r.Problems) > 0 {
			t.Errorf("%+v: passed %v, %q", tests[i], r.Passed, r.Problems)
		}
		if r.Passed {
			held++
		}
	}
	if len(tests) < 1_000 || held < 100 || len(tests)-held < 100 {
		t.Errorf("%d tests, %d of them hold", len(tests), held)
	}
}

// users are the principals that are no groups: a test of a group is about its users.
func (c *caseFile) users() []string {
	return slices.DeleteFunc(slices.Clone(c.principals), func(who string) bool { return strings.HasPrefix(who, "group:") })
}

// testedPlace is a place as a policy writes it. "All projects" is left out: a test of it asks every project as well.
func (c *caseFile) testedPlace(place string) (at string, sayable bool) {
	object, kind, inside := strings.Cut(place, ">")
	switch {
	case object == "organization" && inside, object == "all-projects" && (!inside || kind == "projects"), strings.HasPrefix(object, "set:"):
		return "", false
	case object == "all-projects":
		return kind + " in all_projects", true
	case inside:
		return kind + " in " + strings.TrimPrefix(object, "project:"), true
	}
	return object, true
}

// others are the users whom the file does not speak of: those that the organization began with.
func (c *caseFile) others() []string {
	var out []string
	known := map[string]bool{}
	for _, id := range c.ids {
		known[id] = true
	}
	for _, u := range c.site.do(http.MethodGet, "/v1/user?limit=1000", nil)["objects"].([]any) {
		if id := u.(map[string]any)["id"].(string); !known[id] {
			out = append(out, "user:"+id)
		}
	}
	return out
}

// within are the places in a place that cannot asks about besides: objects of the kind, and the kind in each project.
func (c *caseFile) within(place string) []string {
	object, kind, inside := strings.Cut(place, ">")
	if !inside {
		return nil
	}
	var out []string
	for _, other := range c.places {
		in, otherKind, otherInside := strings.Cut(other, ">")
		switch {
		case otherInside:
			if object == "all-projects" && otherKind == kind && strings.HasPrefix(in, "project:") {
				out = append(out, other)
			}
		case c.projects[other] != "" && (object == "all-projects" || c.projects[other] == object) && kindOf(other) == kind:
			out = append(out, other)
		}
	}
	return out
}

// kindOf is the kind of an object in a project.
func kindOf(ref string) string {
	kind, _, _ := strings.Cut(ref, ":")
	if kind == "function" {
		kind = "prompt"
	}
	return kind + "s"
}
