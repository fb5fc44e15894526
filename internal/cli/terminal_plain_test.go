//go:build linux

package cli_test

import (
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// TestTerminalWithoutCursor: for screen readers and dumb terminals every question is a line, lists are
// numbered, and no sequence moves the cursor or sets a colour.
func TestTerminalWithoutCursor(t *testing.T) {
	t.Parallel()
	for name, env := range map[string][]string{
		"BTADMIN_ACCESSIBLE": {"TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1", "NO_COLOR=1"},
		"TERM dumb":          {"TERM=dumb"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, sandbox.Options{})
			p := s.owner(t, env...)
			const ticks, number = "(empty keeps the ticks shown): ", "number [1-"
			c := p.console(true, "groups", "create")
			c.line("Name: ", "QA"+enter)
			c.line("Description (optional): ", enter)
			c.line("Members\r\n", "")
			c.line("  1) [ ] ada@acme.example.com (Ada Lindqvist)", "")
			c.line(ticks, "1"+enter)
			c.line("Organization permissions\r\n", "")
			c.line(ticks, enter)
			c.line("Permissions on all projects\r\n", "")
			c.line(ticks, "2, 9"+enter)
			c.line("is no number from 1 to 5", "")
			c.line(ticks, "2"+enter)
			c.line("[y/N] ", "y"+enter)
			c.line("  1) Chatbot\r\n", "")
			c.line(number, "1"+enter)
			c.line("Permissions on project Chatbot\r\n", "")
			c.line(ticks, "all"+enter)
			c.line("Kinds of object", "")
			c.line(ticks, "none"+enter)
			c.line("[y/N] ", enter)
			c.line("Go on? [Y/n] ", enter)
			c.line("Created group QA", "")
			c.ends(0)
			plain(t, c)

			c = p.console(true, "groups", "grant", "QA")
			c.line(number, "2"+enter)
			c.line("  2) [x] Create", "")
			c.line(ticks, ctrlC)
			c.ends(130)
			plain(t, c)

			c = p.console(true, "groups", "list")
			c.ends(0)
			plain(t, c)
			if !strings.Contains(c.screen(), "NAME") {
				t.Errorf("a terminal gets a table, but here is\n%s", c.screen())
			}
		})
	}
}

func plain(t *testing.T, c *console) {
	t.Helper()
	if strings.Contains(c.sent(), "\x1b") {
		t.Errorf("an escape sequence was sent: %q", c.sent())
	}
}

// TestB1B4TerminalShowsHostileNames: what foreign names hold never reaches the terminal as it is (B1, B4).
func TestB1B4TerminalShowsHostileNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	const hostile = "Q\x1b[2J\x1b]52;c;eA==\x07A\u202Ez"
	s.do("POST", "/v1/group", map[string]any{"name": hostile})
	s.do("POST", "/v1/project", map[string]any{"name": "!" + hostile})
	p := s.owner(t, "TERM=xterm-256color")

	c := p.console(true, "groups", "list")
	c.ends(0)
	harmless(t, c)

	c = p.console(true, "groups", "grant", s.named("group", hostile)["id"].(string))
	c.choose("Permissions on", down+down+enter)
	c.choose("? Project ", "!Q"+enter)
	c.choose("Permissions on project !Q", " "+enter)
	c.line("Go on? [Y/n]", enter)
	c.ends(0)
	harmless(t, c)

	c = p.console(true, "groups", "delete", s.named("group", hostile)["id"].(string))
	c.line(`\x1b[2J\x1b]52;c;eA==\x07A\u{202E}z):`, `Q\x1b[2J\x1b]52;c;eA==\x07A\u{202E}z`+enter)
	c.ends(0)
	harmless(t, c)
	if s.named("group", hostile) != nil {
		t.Errorf("the group is still there:\n%s", c.screen())
	}
}

func harmless(t *testing.T, c *console) {
	t.Helper()
	for _, bad := range []string{"\x1b[2J", "\x1b]", "\a", "\u202E"} {
		if strings.Contains(c.sent(), bad) {
			t.Errorf("the terminal got %q in %q", bad, c.sent())
		}
	}
	if !strings.Contains(c.screen(), `Q\x1b[2J\x1b]52;`) {
		t.Errorf("the name is not shown on\n%s", c.screen())
	}
}
