package cli_test

import (
	"encoding/base64"
	"io"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"btadmin/internal/iostreams"
	"btadmin/internal/sandbox"
)

// brokenProgram is btadmin with streams that panic, which stand for a bug: standard output in the goroutine of
// the command, the trace of --debug in the goroutine of a request.
const brokenProgram = "btadmin-that-breaks"

// mineVariable says in the environment of brokenProgram what is mined: "out", or a text on standard error.
const mineVariable = "BTADMIN_TEST_MINE"

// mined are streams that panic once, with a value that holds the key in every notation.
func mined(s *iostreams.Streams) *iostreams.Streams {
	key := s.Env("BRAINTRUST_API_KEY")
	m := mine{
		trigger: s.Env(mineVariable), sprung: new(atomic.Bool),
		value: "no luck\x1b[31m: " + strings.Join([]string{key, url.QueryEscape(key), base64.StdEncoding.EncodeToString([]byte(key)), "Bearer " + key}, " "),
	}
	out, errOut := m, m
	out.Writer, errOut.Writer = s.Out, s.Err
	if m.trigger == "out" {
		out.trigger = ""
		s.Out = out
	} else {
		s.Err = errOut
	}
	return s
}

type mine struct {
	io.Writer
	trigger, value string
	sprung         *atomic.Bool
}

// Write implements io.Writer.
func (m mine) Write(b []byte) (int, error) {
	if strings.Contains(string(b), m.trigger) && m.sprung.CompareAndSwap(false, true) {
		panic(m.value)
	}
	return m.Writer.Write(b)
}

// TestA9Panic: a bug in the command or in a goroutine beside it ends with code 70, asks for a report with the
// version, tells where it was, and shows no key.
func TestA9Panic(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{Seed: sandbox.SeedSpec{TokenKey: canary}})
	for name, tt := range map[string]struct {
		mine, where string
		args        []string
	}{
		"main":        {"out", "main.go", []string{"groups", "list"}},
		"main, JSON":  {"out", "main.go", []string{"groups", "list", "--json"}},
		"main, trace": {"list_org", "main.go", []string{"acl", "list", "--debug"}},
		"goroutine 2": {"/v1/role", "errgroup.go", []string{"groups", "members", "add", "Owners", "goran@acme.example.com", "--dry-run", "--debug"}},
		"goroutine 3": {"/v1/acl", "errgroup.go", []string{"access", "check", "ada@acme.example.com", "read", "project:Chatbot", "--debug"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := s.owner(t, "BRAINTRUST_API_KEY="+canary, mineVariable+"="+tt.mine)
			got := p.piped("", brokenProgram, tt.args...)
			got.expect(t, 70, "btadmin: error: bug: no luck", "please report it", "0.0.0-test", tt.where)
			if found := traces(got.stdout+got.stderr, canary); len(found) > 0 || strings.Contains(got.stderr, "\x1b") {
				t.Errorf("the key is shown, %v: %q", found, got.stderr)
			}
			if found := traces(p.everything(), canary); len(found) > 0 {
				t.Errorf("a file has the key: %v", found)
			}
		})
	}
}
