//go:build linux

package cli_test

import (
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// TestTerminalCreateIsThePageAsPrompts fills in the whole page with keys on a terminal that answers no
// queries, which must not hang.
func TestTerminalCreateIsThePageAsPrompts(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	c := p.console(true, "groups", "create")
	c.line("Name:", "QA"+enter)
	c.line("Description (optional):", "Quality"+enter)
	c.choose("Members", " "+enter)
	c.choose("Organization permissions", enter)
	c.choose("Permissions on all projects", down+" "+enter)
	c.line("Add permissions on a single project? [y/N]", "y"+enter)
	c.choose("Project", enter)
	c.choose("Permissions on project", " "+enter)
	c.choose("Kinds of object", enter)
	c.line("Add permissions on a single project? [y/N]", "n"+enter)
	c.line("This will be sent:", "")
	c.line("create", "")
	c.line("Go on? [Y/n]", "y"+enter)
	c.ends(0)
	if !strings.Contains(c.screen(), "Created group QA") {
		t.Errorf("the screen shows\n%s", c.screen())
	}
	if got := len(s.members("QA")); got != 1 {
		t.Errorf("%d members, want 1", got)
	}
	t.Log(c.screen())
	t.Log(s.writes())
}
