//go:build linux

package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// fillIn answers the "Create permission group" page: one member, create on all projects, read on one project
// and on its datasets.
func fillIn(c *console) {
	c.line("Name:", "QA"+enter)
	c.line("Description (optional):", "Quality"+enter)
	c.choose("Members", " "+enter)
	c.choose("Organization permissions", enter)
	c.choose("Permissions on all projects", down+" "+enter)
	c.line("Add permissions on a single project? [y/N]", "y"+enter)
	c.choose("Project", enter)
	c.choose("Permissions on project Chatbot", " "+enter)
	c.choose("Kinds of object", down+" "+enter)
	c.choose("Permissions on datasets", " "+enter)
	c.line("Add permissions on a single project? [y/N]", "n"+enter)
	c.line("This will be sent:", "")
	c.line("Go on? [Y/n]", "")
}

// TestTerminalCreateAsPrompts fills in the page, on a terminal that answers queries for the cursor and on one
// that never does, which must not hang.
func TestTerminalCreateAsPrompts(t *testing.T) {
	t.Parallel()
	for _, mute := range []bool{false, true} {
		t.Run(fmt.Sprintf("mute %v", mute), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, sandbox.Options{})
			c := s.owner(t, "TERM=xterm-256color").console(mute, "groups", "create")
			fillIn(c)
			for _, change := range []string{
				"create group QA: Quality", "add group QA: member ada@acme.example.com", "add all-projects: create for group:QA",
				"add project:Chatbot: read for group:QA", "add project:Chatbot: create/dataset for group:QA",
			} {
				if !strings.Contains(c.screen(), change) {
					t.Errorf("the preview has no %q:\n%s", change, c.screen())
				}
			}
			c.types("y" + enter)
			c.ends(0)
			if !strings.Contains(c.screen(), "Created group QA (") {
				t.Errorf("the screen shows\n%s", c.screen())
			}
			if got := s.writes(); len(got) != 2 || len(s.members("QA")) != 1 {
				t.Errorf("%d members, sent %q", len(s.members("QA")), got)
			}
		})
	}
}

// TestTerminalLeavingSendsNothing: no after the preview, and Ctrl-C at every kind of question.
func TestTerminalLeavingSendsNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	before := s.do("GET", "/v1/group", nil)
	for name, leave := range map[string]func(c *console){
		"decline": func(c *console) {
			fillIn(c)
			c.types("n" + enter)
		},
		"Ctrl-C at a line":       func(c *console) { c.line("Name:", ctrlC) },
		"Ctrl-C at a half line":  func(c *console) { c.line("Name:", "Q"+ctrlC) },
		"Ctrl-C at a list":       func(c *console) { c.line("Name:", "QA"+enter+enter); c.choose("Members", ctrlC) },
		"Ctrl-D at a line":       func(c *console) { c.line("Name:", "\x04") },
		"Ctrl-C at a yes or no":  func(c *console) { fillIn(c); c.types(ctrlC) },
		"the terminal is closed": func(c *console) { c.line("Name:", ""); _ = c.keys.Close() },
		"no answer, then no":     func(c *console) { fillIn(c); c.types("maybe" + enter + "no" + enter) },
	} {
		t.Run(name, func(t *testing.T) {
			c := p.on(t).console(true, "groups", "create")
			leave(c)
			c.ends(130)
			if got := s.writes(); len(got) > 0 {
				t.Errorf("sent %q", got)
			}
		})
	}
	if after := s.do("GET", "/v1/group", nil); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("the groups are now %v", after)
	}
	if dirs := p.journals(); len(dirs) > 0 {
		t.Errorf("a journal was begun: %q", dirs)
	}
}

// TestTerminalGrantShowsWhatIsThere: the current state is ticked, and taking a tick away revokes.
func TestTerminalGrantShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.must("groups", "create", "QA", "--project", "Chatbot=read,update")
	sent := len(s.writes())

	c := p.console(true, "groups", "grant", "QA")
	c.choose("Permissions on", down+down+enter)
	c.choose("? Project ", enter)
	c.choose("Permissions on project Chatbot", "")
	for _, row := range []string{"[x]  Read\n", "[ ]  Create\n", "[x]  Update\n", "[ ]  Delete\n", "[ ]  Manage access"} {
		if !strings.Contains(c.screen(), row) {
			t.Errorf("%q is missing in\n%s", row, c.screen())
		}
	}
	c.types(" " + down + " " + enter) // no longer read, but create
	c.line("This will be sent:", "")
	c.line("Go on? [Y/n]", enter)
	c.ends(0)
	if got := s.writes()[sent:]; len(got) != 2 { // additions first, then removals
		t.Errorf("sent %q", got)
	}
	if got := p.must("groups", "permissions", "QA"); !strings.Contains(got, "create, update") || strings.Contains(got, "read") {
		t.Errorf("permissions: %q", got)
	}

	c = p.console(true, "groups", "grant", "QA")
	c.choose("Permissions on", down+down+enter)
	c.choose("? Project ", enter)
	c.choose("Permissions on project Chatbot", enter)
	c.ends(0)
	if !strings.Contains(c.screen(), "Nothing to change") {
		t.Errorf("the screen shows\n%s", c.screen())
	}
}

// TestTerminalDeleteIsTyped: the name is typed; any other is a no.
func TestTerminalDeleteIsTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.must("groups", "create", "QA", "--member", "ada@acme.example.com", "--project", "Chatbot=read")
	sent := len(s.writes())
	for _, typed := range []string{"qa" + enter, enter, "y" + enter, "Owners" + enter, ctrlC} {
		c := p.console(true, "groups", "delete", "QA")
		c.line("(type QA):", typed)
		c.ends(130)
		if !strings.Contains(c.screen(), "delete group QA") {
			t.Errorf("the question does not say what it is about:\n%s", c.screen())
		}
	}
	if got := s.writes()[sent:]; len(got) > 0 || s.named("group", "QA") == nil {
		t.Fatalf("sent %q", got)
	}
	c := p.console(true, "groups", "delete", "QA")
	c.line("(type QA):", "QA"+enter)
	c.ends(0)
	if s.named("group", "QA") != nil || !strings.Contains(c.screen(), "Deleted group QA") {
		t.Errorf("the screen shows\n%s", c.screen())
	}
}

// TestTerminalRemovingMembersIsConfirmed: no is the answer to an empty line.
func TestTerminalRemovingMembersIsConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.must("groups", "create", "QA", "--member", "ada@acme.example.com", "--member", "bo@acme.example.com")
	remove := func(answer string, code, left int) {
		t.Helper()
		c := p.console(true, "groups", "members", "remove", "QA", "bo@acme.example.com")
		c.line("Remove 1 of 2 members from QA?", "")
		c.line("[y/N]", answer)
		c.ends(code)
		if got := len(s.members("QA")); got != left {
			t.Errorf("%d members, want %d", got, left)
		}
	}
	remove(enter, 130, 2)
	remove("n"+enter, 130, 2)
	remove(ctrlC, 130, 2)
	remove("maybe"+enter+"yes"+enter, 0, 1)
}

// TestTerminalMembersAreOffered: adding without naming anybody asks whom.
func TestTerminalMembersAreOffered(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.must("groups", "create", "QA")
	c := p.console(false, "groups", "members", "add", "QA")
	c.choose("Members", "bo@"+" "+enter)
	c.ends(0)
	if got := p.must("groups", "members", "QA", "--fields", "user_email"); got != "bo@acme.example.com\n" {
		t.Errorf("members: %q", got)
	}
}

// TestTerminalUndoAsks: on a terminal an undo is shown before it is done, also when it only gives something back.
func TestTerminalUndoAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t, "TERM=xterm-256color")
	p.must("groups", "create", "QA", "--member", "bo@acme.example.com")
	p.must("groups", "members", "remove", "QA", "bo@acme.example.com", "--yes")
	for _, answer := range []struct {
		typed, want string
		code        int
	}{{"n", "", 130}, {"y", "bo@acme.example.com\n", 0}} {
		c := p.console(true, "undo", "latest")
		c.line("add group QA: member bo@acme.example.com", "")
		c.line("[y/N]", answer.typed+enter)
		c.ends(answer.code)
		if got := p.must("groups", "members", "QA", "--fields", "user_email"); got != answer.want {
			t.Errorf("after %s: members %q", answer.typed, got)
		}
	}
}
