//go:build linux

package cli_test

import (
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// What the numbered questions end in.
const (
	askTicks  = "(empty keeps the ticks shown): "
	askNumber = "number [1-"
)

// TestTerminalMembersOfTheGroupAreOffered: taking somebody out offers who is in, nested groups too; adding offers
// who is not.
func TestTerminalMembersOfTheGroupAreOffered(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1")
	p.must("groups", "create", "QA", "--member", "ada@acme.example.com", "--include-group", "ML Research")
	c := p.console(true, "groups", "members", "remove", "QA")
	c.line("  1) [ ] ada@acme.example.com (Ada Lindqvist)\r\n", "")
	c.line("  2) [ ] group ML Research\r\n", "")
	c.line(askTicks, "2"+enter)
	c.line("remove group QA: member group ML Research", "")
	c.line("[y/N]", "y"+enter)
	c.ends(0)
	c = p.console(true, "groups", "members", "add", "QA")
	c.line("  1) [ ] bo@acme.example.com", "")
	c.line("group ML Research", "")
	c.line(askTicks, "1"+enter)
	c.ends(0)
	if strings.Contains(c.screen(), "group QA\n") {
		t.Errorf("the group is offered to itself:\n%s", c.screen())
	}
	if got := p.must("groups", "members", "QA", "--fields", "user_email"); got != "ada@acme.example.com\nbo@acme.example.com\n" {
		t.Errorf("members: %q", got)
	}
}

// TestTerminalRevokeAsksToo: without flags, revoke shows what is there; a dry run and --yes ask nothing twice.
func TestTerminalRevokeAsksToo(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1")
	p.must("groups", "create", "QA", "--all-projects", "read,create")
	sent := len(s.writes())
	c := p.console(true, "groups", "revoke", "QA", "--dry-run")
	c.line(askNumber, "2"+enter)
	c.line("  2) [x] Create", "")
	c.line(askTicks, "1"+enter)
	c.ends(0)
	if got := s.writes()[sent:]; len(got) > 0 || strings.Contains(c.screen(), "This will be sent") {
		t.Errorf("sent %q, the screen shows\n%s", got, c.screen())
	}
	c = p.console(true, "groups", "revoke", "QA")
	c.line(askNumber, "2"+enter)
	c.line(askTicks, "1"+enter)
	c.line("remove all-projects: create", "")
	c.line("Go on? [Y/n]", enter)
	c.ends(0)
	if got := p.must("groups", "permissions", "QA"); got != "all-projects\t\tread\n" {
		t.Errorf("permissions: %q", got)
	}
}

// TestTerminalAccessIsOffered: groups, people and service accounts can be chosen, whatever their names hold; who may
// administer the group already is offered for a revocation.
func TestTerminalAccessIsOffered(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1")
	p.must("groups", "create", "QA")
	c := p.console(true, "groups", "access", "grant", "QA")
	c.line("  4) [ ] group ML Research\r\n", "")
	c.line("ci-evals (service account)", "")
	c.line(askTicks, "4"+enter)
	c.line(askTicks, "1,2"+enter)
	c.line("2 grants in place", "")
	c.ends(0)
	c = p.console(true, "groups", "access", "revoke", "QA")
	c.line("  1) [ ] group:ML Research: read, update\r\n", "")
	c.line(askTicks, "1"+enter)
	c.line(askTicks, "2"+enter)
	c.line("[y/N]", "y"+enter)
	c.ends(0)
	if got := p.must("groups", "access", "QA"); !strings.Contains(got, "group:ML Research\tread\n") {
		t.Errorf("access: %q", got)
	}
}

// TestTerminalServiceTokenPage: without a name, the whole page is asked for: name, groups, permissions.
func TestTerminalServiceTokenPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1")
	for _, noun := range []string{"service-tokens", "service-accounts"} {
		name := "page-" + noun
		c := p.console(true, noun, "create")
		c.line(": ", name+enter)
		c.line("Groups\r\n", "")
		c.line(askTicks, "6"+enter)
		c.line("Organization permissions", "")
		c.line(askTicks, enter)
		c.line("Permissions on all projects", "")
		c.line(askTicks, "1"+enter)
		c.line("Add permissions on a single project? [y/N]", enter)
		c.line("Created service account "+name, "")
		c.ends(0)
		if got := p.must("service-accounts", "view", name, "--jq", "[.groups[0].group_name, .grants[0].allowed[0]] | @csv"); got != "\"Viewers\",\"read\"\n" {
			t.Errorf("%s: %q", noun, got)
		}
	}
}
