package cli_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

// canary is a key that can be recognised in every notation; the URL-encoded one differs from the raw one.
const canary = "bt-st-sandbox-CANARY+canary/0123456789=xyz"

// traces are the notations of a secret that are found in a text.
func traces(text, secret string) []string {
	notations := map[string]string{
		"raw":         secret,
		"query":       url.QueryEscape(secret),
		"path":        url.PathEscape(secret),
		"hex":         hex.EncodeToString([]byte(secret)),
		"base64":      base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 URL":  base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64 raw":  base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"basic, user": base64.StdEncoding.EncodeToString([]byte(secret + ":"))[:40],
		"core":        secret[14:30],
	}
	var found []string
	for name, notation := range notations {
		if strings.Contains(text, notation) {
			found = append(found, name)
		}
	}
	return found
}

// TestA8DebugShowsNoKey: a server that throws the key back in every notation, in errors, names and headers; a
// run with --debug; and the journal. Nothing that btadmin writes holds it.
func TestA8DebugShowsNoKey(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{Seed: sandbox.SeedSpec{TokenKey: canary}})
	echo := fmt.Sprintf("echo %s %s %s %s {\"authorization\":\"Bearer %s\"}", canary, url.QueryEscape(canary),
		base64.StdEncoding.EncodeToString([]byte(canary)), base64.RawURLEncoding.EncodeToString([]byte("x"+canary)), canary)
	p := s.owner(t, "BRAINTRUST_API_KEY="+canary)
	p.must("groups", "create", "QA", "-d", "for "+canary, "--debug")
	for status, args := range map[int][]string{
		0:   {"groups", "list", "--debug"},
		400: {"groups", "create", "QB", "--all-projects", "read", "--debug"},
		401: {"groups", "list", "--debug"},
		403: {"groups", "grant", "QA", "--project", "Chatbot", "--allow", "read", "--debug"},
		404: {"groups", "view", canary, "--debug"},
		422: {"groups", "edit", "QA", "--description", canary, "--debug", "--json"},
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			s.between(func(w http.ResponseWriter, r *http.Request) bool {
				if status == 0 || r.Method == http.MethodGet && status != 401 {
					return false
				}
				w.Header().Set("X-Request-Id", canary)
				w.Header().Set("X-Echo", r.Header.Get("Authorization"))
				http.Error(w, echo, status)
				return true
			})
			got := p.on(t).btadmin(args...)
			if !strings.Contains(got.stderr, "debug: GET ") {
				t.Errorf("no trace in stderr %q", got.stderr)
			}
			if (got.code == 0) != (status == 0) {
				t.Errorf("exit code %d: %s", got.code, got.stderr)
			}
			if found := traces(got.stderr, canary); len(found) > 0 {
				t.Errorf("stderr has the key, %v: %s", found, got.stderr)
			}
			// What a person put into a description on purpose is data, and is printed exactly.
			if found := traces(got.stdout, canary); len(found) > 0 && status != 0 {
				t.Errorf("stdout has the key, %v: %s", found, got.stdout)
			}
		})
	}
	for _, dir := range p.journals() {
		if found := traces(folderText(t, dir), canary); len(found) > 0 {
			t.Errorf("the journal has the key, %v: %s", found, folderText(t, dir))
		}
	}
	if len(p.journals()) == 0 {
		t.Error("there is no journal to look into")
	}
	if found := traces(p.everything(), canary); len(found) > 0 {
		t.Errorf("a file has the key: %v", found)
	}
}

func folderText(t testing.TB, dir string) string {
	t.Helper()
	return (&person{t: t, home: dir}).everything()
}

// TestA10TokenOnce: a minted token is alone on standard output when piped, is masked first in GitHub Actions,
// and is never seen again.
func TestA10TokenOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, sandbox.Options{})
	p := s.owner(t)
	out := p.must("service-tokens", "create", "bot", "--name", "first")
	token := strings.TrimSuffix(out, "\n")
	if !strings.HasPrefix(token, sandbox.ServiceTokenPrefix) || strings.ContainsAny(token, " \n") {
		t.Fatalf("stdout %q is no token alone", out)
	}
	for _, args := range [][]string{
		{"service-tokens", "list"}, {"service-tokens", "list", "--json"}, {"service-tokens", "list", "-o", "csv"},
		{"service-accounts", "view", "bot", "--json"}, {"service-accounts", "list", "--json"}, {"members", "view", "bot", "--json"},
		{"api", "GET", "/v1/service_token"}, {"runs", "list", "--json"},
	} {
		if got := p.btadmin(args...); got.code != 0 || strings.Contains(got.stdout+got.stderr, token) {
			t.Errorf("%q: exit code %d, stdout %q, stderr %q", args, got.code, got.stdout, got.stderr)
		}
	}
	if strings.Contains(p.everything(), token) {
		t.Error("a file has the token")
	}

	got := p.btadmin("service-tokens", "create", "bot", "--name", "second", "--json")
	if strings.Count(got.stdout, sandbox.ServiceTokenPrefix) != 2 || strings.Count(got.stdout, sandbox.ServiceTokenPrefix+"****") != 1 || strings.Contains(got.stderr, sandbox.ServiceTokenPrefix) {
		t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
	}

	ci := s.owner(t, "GITHUB_ACTIONS=true", "CI=true")
	got = ci.btadmin("service-tokens", "create", "bot", "--name", "third")
	token = strings.TrimSpace(got.stdout)
	if i, j := strings.Index(got.stderr, "::add-mask::"+token), strings.Count(got.stderr, token); i != 0 || j != 1 || len(token) < 20 {
		t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
	}
	out = filepath.Join(p.home, "token")
	got = p.btadmin("service-tokens", "create", "bot", "--name", "fourth", "--out", out)
	raw, err := os.ReadFile(out)
	if err != nil || !strings.HasPrefix(string(raw), sandbox.ServiceTokenPrefix) || strings.Contains(got.stdout+got.stderr, sandbox.ServiceTokenPrefix) {
		t.Errorf("%v: file %q, stdout %q, stderr %q", err, raw, got.stdout, got.stderr)
	}
}

// TestA4HostileFolder: nothing in the folder where somebody stands is read, whatever it is called.
func TestA4HostileFolder(t *testing.T) {
	t.Parallel()
	s, elsewhere := newSite(t, sandbox.Options{}), newSite(t, sandbox.Options{})
	p := s.owner(t)
	hostile := fmt.Sprintf("api-url: %s\napi_url: %s\nBRAINTRUST_API_URL=%s\nBRAINTRUST_API_KEY=%s\noutput: yaml\n", elsewhere.url, elsewhere.url, elsewhere.url, elsewhere.key())
	for _, name := range []string{
		"btadmin.yaml", "btadmin.yml", ".btadmin.yaml", "config.yaml", "config.yml", "config.json", "config.toml", ".env", ".env.local",
		".btadmin/config.yaml", "btadmin/config.yaml", ".config/btadmin/config.yaml", ".braintrust/config.yaml", "profiles.yaml",
	} {
		p.file(filepath.Join("work", name), hostile)
	}
	p.file("work/sh", "#!/bin/sh\ntouch ran\n")
	p.dir = filepath.Join(p.home, "work")
	want := s.owner(t).must("groups", "list")
	if got := p.must("groups", "list"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.must("groups", "create", "QA")
	if got := p.must("config", "list"); strings.Contains(got, elsewhere.url) || !strings.Contains(got, s.url) {
		t.Errorf("settings: %q", got)
	}
	alone := newPerson(t)
	alone.dir = p.dir
	alone.refused(2, []string{"not logged in"}, "groups", "list")
	alone.must("groups", "list", "--sandbox")
	if n := elsewhere.server.Counts(); n != (sandbox.Counts{}) {
		t.Errorf("the other server was asked: %+v", n)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "ran")); err == nil {
		t.Error("a program of the folder was run")
	}
}
