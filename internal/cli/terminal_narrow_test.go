//go:build linux

package cli_test

import (
	"strings"
	"testing"

	"btadmin/internal/sandbox"
	"btadmin/internal/text"
)

// TestTerminalNarrow: on 40 columns rows are stacked, so that no name is cut to what could be another, no line is wider
// than the screen, and wide characters are counted as they are drawn.
func TestTerminalNarrow(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color", "NO_COLOR=1")
	p.must("groups", "create", "Quality assurance Osaka", "--project", "Chatbot=read")
	p.must("groups", "create", "Quality assurance Tokyo", "--project", "Chatbot=all", "--yes")
	p.must("groups", "create", "品質保証チームと評価担当者の合同グループ甲")
	for _, args := range [][]string{
		{"groups", "list"}, {"permissions", "list"}, {"members", "list"}, {"acl", "list"}, {"projects", "permissions", "Chatbot"},
		{"groups", "permissions", "Quality assurance Tokyo"}, {"profiles", "list"}, {"service-tokens", "list"},
	} {
		c := p.consoleOf(40, true, args...)
		c.ends(0)
		for line := range strings.Lines(c.sent()) {
			if line = strings.TrimRight(line, "\r\n"); text.Width(line) > 40 && !strings.Contains(line, "note: ") && !strings.Contains(line, "hint: ") {
				t.Errorf("%q: %q is wider than the screen", args, line)
			}
		}
		if strings.Contains(c.sent(), "…") {
			t.Errorf("%q cuts:\n%s", args, c.sent())
		}
		plain(t, c)
	}
	c := p.consoleOf(40, true, "groups", "list", "--fields", "name,member_count")
	c.ends(0)
	for _, line := range []string{"Quality assurance Osaka", "Quality assurance Tokyo", "品質保証チームと評価担当者の合同グループ\r\n甲\r\n"} {
		if !strings.Contains(c.sent(), line) {
			t.Errorf("%q is missing in\n%s", line, c.sent())
		}
	}
	// What fits stays a table, with its columns in line.
	c = p.consoleOf(40, true, "groups", "members", "Owners", "--fields", "kind,name")
	c.ends(0)
	if !strings.Contains(c.sent(), "KIND") || !strings.Contains(c.sent(), "NAME") {
		t.Errorf("a small table is\n%s", c.sent())
	}
}

// TestTerminalNarrowQuestions: questions work on 40 columns, as lists and as the numbered lines of a screen reader.
func TestTerminalNarrowQuestions(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color", "NO_COLOR=1")
	p.must("groups", "create", "QA")
	c := p.consoleOf(40, false, "groups", "grant", "QA")
	c.choose("Permissions on", down+enter)
	c.choose("Read", " "+enter)
	c.line("Go on? [Y/n]", enter)
	c.ends(0)
	p = s.owner(t, "TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1", "NO_COLOR=1")
	c = p.consoleOf(40, true, "groups", "grant", "QA")
	c.line("number [1-", "2"+enter)
	c.line("  1) [x] Read", "")
	c.line("(empty keeps the ticks shown): ", "1,2"+enter)
	c.line("Go on? [Y/n] ", enter)
	c.ends(0)
	plain(t, c)
	if got := p.must("groups", "permissions", "QA", "--jq", ".[0].allowed | join(\" \")"); got != "read create\n" {
		t.Errorf("allowed: %q", got)
	}
}
