package openfga_test

import (
	"regexp"
	"strings"
	"testing"

	"btadmin/pkg/access/openfga"
	"btadmin/pkg/braintrust"
)

// Names are what OpenFGA allows (50 and 254 bytes, no colon, at, hash, blank), and no two things share one.
func TestNamesAreLegalAndDistinct(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("very_", 60)
	permissions := []braintrust.Permission{"member", "parent", "a b", "a-20b", "9", "carries_read", "\u00e9", braintrust.Permission(long), braintrust.Permission(long + "2")}
	types := []braintrust.ObjectType{"", "user", "role_binding", "given", "other", "view:more", "view#more", braintrust.ObjectType(long), braintrust.ObjectType(long + "2")}
	legal := regexp.MustCompile(`^[^:#@\s]{1,50}$`)
	seen := map[string]bool{}
	for _, d := range openfga.NewModel(permissions, types).Document().TypeDefinitions {
		if seen[d.Type] || len(d.Type) > 254 || !regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`).MatchString(d.Type) {
			t.Errorf("type %q", d.Type)
		}
		seen[d.Type] = true
		for name := range d.Relations {
			if !legal.MatchString(name) {
				t.Errorf("relation %q", name)
			}
		}
	}
	text := openfga.NewModel(permissions, types).Text()
	for _, block := range strings.Split(text, "\ntype ") {
		names := map[string]bool{}
		for _, line := range strings.Split(block, "\n") {
			name, _, defined := strings.Cut(strings.TrimPrefix(line, "    define "), ":")
			if !defined || !strings.HasPrefix(line, "    define ") {
				continue
			}
			if names[name] {
				t.Errorf("relation %q is defined twice in type %.20q", name, block)
			}
			names[name] = true
		}
	}
}

// The model does not depend on the organization as long as only known words are used.
func TestModelIsTheSameForAll(t *testing.T) {
	t.Parallel()
	if openfga.Export(small()).Model.Text() != openfga.NewModel(nil, nil).Text() {
		t.Error("an organization of known words has a model of its own")
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	text := openfga.NewModel(nil, nil).Text()
	for _, line := range []string{
		"type user\n",
		"    define member: [user, group, group#member]\n",
		"    define parent: [org_project, project_group]\n",
		"    define read.given: [user, group#member]\n",
		"    define read: [user, group#member] or read.given or read.project from binding or read.project from parent\n",
		"    define create.dataset: [user, group#member] or create.given or create.dataset from binding or create.dataset from parent\n",
		"    define read: [user, group#member] or read.experiment from binding or read.experiment from parent\n",
		"    define read.experiment: assignee and carries_read.experiment from role\n",
		"    define carries_read.experiment: [user:*, group:*] or carries_read.given or carries_read.experiment from includes\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the model lacks %q", line)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"2b1f-4.x_9": "2b1f-4.x_9", "a b": "a%20b", "a:b#c@d*": "a%3ab%23c%40d%2a", "50%": "50%25", "": "",
	} {
		if got := openfga.ID(id); got != want {
			t.Errorf("%q: got %q, want %q", id, got, want)
		}
	}
	if a, b := openfga.ID(strings.Repeat("a", 300)+"1"), openfga.ID(strings.Repeat("a", 300)+"2"); a == b || len(a) > 120 {
		t.Errorf("long ids become %q and %q", a, b)
	}
}
