package cli_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"btadmin/pkg/braintrust"
)

// Organizations made to be difficult, asked through the commands: everybody, every place, every permission, live and
// in snapshots.
func TestDifficultOrganizations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/access/*.txt")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := readCase(t, string(text))
			known := c.everyCell()
			for key := range c.holds {
				if !known[key] {
					t.Errorf("nobody asks about %q", key)
				}
			}
			saved := filepath.Join(c.asks.home, "all.btsnap")
			c.asks.must("snapshot", "save", saved, "--objects")
			for _, from := range [][]string{nil, {"--snapshot", saved}} {
				c.checkAll(t, from)
				c.listAll(t, from)
			}
			c.testAll(t, saved)
		})
	}
}

// everyCell are the keys of holds that may be there.
func (c *caseFile) everyCell() map[string]bool {
	known := map[string]bool{}
	for _, who := range c.principals {
		for _, place := range c.places {
			known[who+" "+place] = true
		}
	}
	return known
}

// checkAll asks access check for every cell.
func (c *caseFile) checkAll(t *testing.T, from []string) {
	t.Helper()
	var questions strings.Builder
	table := csv.NewWriter(&questions)
	rows := [][]string{{"principal", "permission", "object", "objects"}}
	var want []bool
	var cells []string
	for _, who := range c.principals {
		for _, place := range c.places {
			held := c.permissionsOf(who, place)
			object, kind, _ := strings.Cut(place, ">")
			for _, p := range braintrust.Permissions() {
				if place == "all-projects" && p == braintrust.PermissionCreate {
					continue // is about projects, and asked as such
				}
				rows = append(rows, []string{c.typed(who), string(p), c.typed(object), kind})
				want, cells = append(want, slices.Contains(held, string(p))), append(cells, who+" "+string(p)+" "+place)
			}
		}
	}
	if err := table.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	got := c.asks.on(t).piped(questions.String(), program, append([]string{"access", "check", "--file", "-", "--json"}, from...)...)
	got.expect(t, 6)
	var answers []struct {
		Allowed bool `json:"allowed"`
	}
	if err := json.Unmarshal([]byte(got.stdout), &answers); err != nil || len(answers) != len(want) {
		t.Fatalf("%d answers of %d, %v: %s", len(answers), len(want), err, got.stderr)
	}
	for i, a := range answers {
		if a.Allowed != want[i] {
			t.Errorf("%v: %s: %v", from, cells[i], a.Allowed)
		}
	}
}

// listAll asks access list for everybody.
func (c *caseFile) listAll(t *testing.T, from []string) {
	t.Helper()
	for _, who := range c.principals {
		out := c.asks.on(t).must(append([]string{"access", "list", c.typed(who), "--all", "--objects", "--json"}, from...)...)
		var rows []struct {
			Object      string   `json:"object"`
			ObjectID    string   `json:"object_id"`
			ObjectType  string   `json:"object_type"`
			Kind        string   `json:"kind"`
			ChildType   string   `json:"child_type"`
			Permissions []string `json:"permissions"`
		}
		if err := json.Unmarshal([]byte(out), &rows); err != nil {
			t.Fatal(err)
		}
		listed := map[string]string{}
		for _, r := range rows {
			place := r.Object
			if r.ObjectType == "project_group" {
				for ref, id := range c.ids {
					if id == r.ObjectID && strings.HasPrefix(ref, "set:") {
						place = ref
					}
				}
			}
			if r.Kind != "" {
				place += ">" + r.Kind
			}
			listed[place] = strings.Join(r.Permissions, " ")
		}
		for _, place := range c.places {
			if want := strings.Join(c.permissionsOf(who, place), " "); listed[place] != want {
				t.Errorf("%v: list %s: %s: %q, want %q", from, who, place, listed[place], want)
			}
		}
	}
}
