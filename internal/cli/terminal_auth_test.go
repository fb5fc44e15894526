//go:build linux

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// browses gives a person a browser that notes the pages it is to show.
func (p *person) browses() (visited func() string) {
	p.t.Helper()
	script, pages := filepath.Join(p.home, "browse"), filepath.Join(p.home, "pages")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$1\" > "+pages+".new && mv "+pages+".new "+pages+"\n"), 0o700); err != nil {
		p.t.Fatal(err)
	}
	p.env = append(p.env, "BROWSER="+script)
	return func() string {
		for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
			if page, err := os.ReadFile(pages); err == nil {
				return strings.TrimSpace(string(page))
			}
		}
		return ""
	}
}

// TestTerminalLogin: the page comes up, the key is typed unseen, and the profile is ready to use.
func TestTerminalLogin(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	key := s.key()
	login := []string{"auth", "login", "--insecure-storage", "--api-url", s.url, "--app-url", s.url}
	t.Run("with a browser", func(t *testing.T) {
		t.Parallel()
		p := newPerson(t, "TERM=xterm-256color")
		visited := p.browses()
		c := p.console(false, login...)
		c.line("The page is opened in the browser", "")
		c.line("API key or service token", key+enter)
		c.ends(0)
		if got, want := visited(), s.url+"/app/~/configuration/org/api-keys"; got != want {
			t.Errorf("the browser shows %q, want %q", got, want)
		}
		if !strings.Contains(c.screen(), "Logged in to Acme as profile default") || strings.Contains(c.sent(), key) {
			t.Errorf("the screen shows\n%s", c.screen())
		}
		if got := p.must("groups", "list", "--fields", "name"); !strings.Contains(got, "Owners") {
			t.Errorf("groups: %q", got)
		}
		c = p.console(false, "auth", "status")
		c.ends(0)
		for _, line := range []string{"Profile:       default", "Organization:  Acme", "Key from:      file", "Status:        usable"} {
			if !strings.Contains(c.screen(), line) {
				t.Errorf("%q is missing in\n%s", line, c.screen())
			}
		}
	})
	t.Run("without", func(t *testing.T) {
		t.Parallel()
		p := newPerson(t, "TERM=xterm-256color")
		p.browses()
		c := p.console(false, append(login, "--no-browser")...)
		c.line("Keys are made at "+s.url+"/app/~/configuration/org/api-keys", "")
		c.line("API key or service token", key+enter)
		c.ends(0)
		if _, err := os.Stat(filepath.Join(p.home, "pages")); err == nil {
			t.Error("a page was opened")
		}
	})
	t.Run("listening", func(t *testing.T) {
		t.Parallel()
		p := newPerson(t, "TERM=xterm-256color", "BTADMIN_ACCESSIBLE=1", "NO_COLOR=1")
		p.browses()
		c := p.console(true, login...)
		c.line("Open the page in the browser? [Y/n] ", "n"+enter)
		c.line("API key or service token", key+enter)
		c.ends(0)
		plain(t, c)
		if _, err := os.Stat(filepath.Join(p.home, "pages")); err == nil {
			t.Error("a page was opened although the answer was no")
		}
	})
}

// TestTerminalOpen: the page of the web application comes up; without a desktop its address is printed.
func TestTerminalOpen(t *testing.T) {
	t.Parallel()
	p := newPerson(t, "TERM=xterm-256color")
	c := p.console(false, "open", "audit-log")
	c.ends(0)
	const page = "https://www.braintrust.dev/app/~/configuration/org/audit-log"
	if c.screen() != page {
		t.Errorf("the screen shows\n%s", c.screen())
	}
	visited := p.browses()
	c = p.console(false, "open", "audit-log")
	c.ends(0)
	if got := visited(); got != page {
		t.Errorf("the browser shows %q", got)
	}
}
