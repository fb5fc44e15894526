package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/sandbox/store"
)

func openServer(t testing.TB, dir string, opts Options) *Server {
	t.Helper()
	s, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// gate lets commits pass, holds them, or fails them.
type gate struct {
	mu   sync.Mutex
	hold chan struct{} // nil: open
	fail error
	seen chan struct{} // one for every commit that arrived
}

func (g *gate) commit(do func() error) error {
	g.mu.Lock()
	hold, fail := g.hold, g.fail
	g.mu.Unlock()
	if hold != nil {
		g.seen <- struct{}{}
		<-hold
	}
	if fail != nil {
		return fail
	}
	return do()
}

func (g *gate) set(hold chan struct{}, fail error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold, g.fail = hold, fail
}

// TestE2AnswerFollowsTheSync: neither the writer nor a reader of the new version hears anything before the commit
// that covers it has ended.
func TestE2AnswerFollowsTheSync(t *testing.T) {
	t.Parallel()
	g := &gate{seen: make(chan struct{}, 10)}
	s := openServer(t, t.TempDir(), Options{Seed: SeedSpec{Kind: SeedEmpty}, sync: g.commit})
	c := tokenClient(t, s)
	release := make(chan struct{})
	g.set(release, nil)

	order := make(chan string, 10)
	var group sync.WaitGroup
	group.Go(func() {
		c.want(200, "POST", "/v1/role", obj{"name": "r"})
		order <- "write"
	})
	<-g.seen // the commit is on its way; memory has the new version
	group.Go(func() {
		if got := len(c.ids("/v1/role?role_name=r")); got != 1 {
			t.Errorf("the read saw %d", got)
		}
		order <- "read"
	})
	group.Go(func() {
		c.want(200, "PATCH", "/v1/organization/"+s.Seeded().OrgID, obj{"name": "Other"}) // waits for the next one
		order <- "second write"
	})
	// Others are answered in the meantime, so that a premature answer would have come by now.
	for range 200 {
		c.want(404, "GET", "/v1/nothing", nil)
	}
	order <- "sync"
	close(release)
	g.set(nil, nil)
	group.Wait()
	if first := <-order; first != "sync" {
		t.Errorf("%q was answered before the sync", first)
	}
}

// TestE3FailedSync: an error, no acknowledgement, the old version is read, nothing can be written until the store
// is opened again.
func TestE3FailedSync(t *testing.T) {
	t.Parallel()
	g := &gate{seen: make(chan struct{}, 10)}
	dir := t.TempDir()
	s := openServer(t, dir, Options{sync: g.commit})
	c := tokenClient(t, s)
	kept := c.want(200, "POST", "/v1/role", obj{"name": "kept"}).id()
	before := s.Status()

	g.set(nil, errors.New("no space left on device"))
	r := c.want(http.StatusServiceUnavailable, "POST", "/v1/role", obj{"name": "lost"})
	if !strings.Contains(string(r.body), "no space left on device") {
		t.Errorf("the reason is missing: %s", r.body)
	}
	g.set(nil, nil)
	for range 3 {
		c.want(http.StatusServiceUnavailable, "POST", "/v1/role", obj{"name": "later"})
	}
	waitFor(t, func() bool { return c.do("GET", "/v1/role", nil).status == 200 })
	if got := c.ids("/v1/role?role_name=lost"); len(got) != 0 {
		t.Error("what was not acknowledged is shown")
	}
	c.want(200, "GET", "/v1/role/"+kept, nil)
	if after := s.Status(); after != before {
		t.Errorf("%+v became %+v", before, after)
	}
	if _, err := s.Seed(SeedSpec{}); err == nil {
		t.Error("seeding worked")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := openServer(t, dir, Options{})
	c.transport = again.Transport()
	c.want(200, "GET", "/v1/role/"+kept, nil)
	c.want(200, "POST", "/v1/role", obj{"name": "lost"})
}

// waitFor repeats a look until it succeeds; it gives up when the test's time does.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen within ten seconds")
		}
	}
}

// TestE6OneServer: the second one on a folder is told who has it; a damaged store is not replaced.
func TestE6OneServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openServer(t, dir, Options{})
	_, err := Open(dir, Options{LockWait: time.Nanosecond})
	var locked *store.LockedError
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Fatalf("%v", err)
	}
	want := s.Status()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openServer(t, dir, Options{})
	if got := s.Status(); got != want {
		t.Errorf("%+v was read back as %+v", want, got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "sandbox.db")
	if err := os.WriteFile(path, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("%v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != "rubbish" {
		t.Error("the damaged file was replaced")
	}
}

// TestReopen: every kind of row comes back as it was.
func TestReopen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openServer(t, dir, Options{Plan: PlanEnterprise})
	c := tokenClient(t, s)
	project := c.ids("/v1/project")[0]
	for kind, body := range creatable(project) {
		c.want(200, "POST", "/v1/"+kind, body)
	}
	users := c.ids("/v1/user")
	group := c.want(200, "POST", "/v1/group", obj{"name": "g", "member_users": users}).id()
	c.want(200, "PATCH", "/v1/group/"+group, obj{"remove_member_users": users[3:5], "name": "h"})
	c.want(200, "DELETE", "/v1/acl/"+c.ids("/v1/acl/list_org")[0], nil)
	c.want(200, "DELETE", "/v1/project/"+project, nil)
	c.want(200, "PATCH", membersPath(), obj{"remove_users": obj{"ids": users[:1]}})
	read := func() string {
		var out strings.Builder
		for _, kind := range []string{
			"organization", "user", "group", "role", "project", "project_group", "experiment", "dataset", "prompt", "function",
			"service_token", "api_key", "acl/list_org",
		} {
			out.Write(c.want(200, "GET", "/v1/"+kind, nil).body)
			out.WriteByte('\n')
		}
		return out.String()
	}
	before := read()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openServer(t, dir, Options{})
	c.transport = watched(t, s)
	if after := read(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	c.want(200, "PATCH", "/v1/group/"+group, obj{"add_member_users": users[3:4]})
	c.want(400, "GET", "/v1/project/"+project, nil)
	// Deleted names are free, and positions of deleted rows still page.
	c.want(200, "POST", "/v1/role", obj{"name": "after"})
}

// TestE8NothingButHashes: no key can be read out of the folder, and one of another server is refused and told why.
func TestE8NothingButHashes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openServer(t, dir, Options{})
	c := tokenClient(t, s)
	minted := c.want(200, "POST", "/v1/service_token", obj{"name": "n", "service_account_id": s.Seeded().ServiceAccountID}).object["key"].(string)
	_, _ = c.account("bot")
	keys := []string{minted, s.Seeded().TokenKey.Reveal(), s.Seeded().UserKey.Reveal()}
	for i, prefix := range []string{"bt-st-sandbox-", "bt-st-sandbox-", "sk-sandbox-"} {
		if !strings.HasPrefix(keys[i], prefix) || len(keys[i]) < len(prefix)+32 {
			t.Errorf("key %d is not recognisable", i)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, key := range keys {
			if secretPart := key[strings.LastIndex(key, "-")+1:]; bytes.Contains(data, []byte(secretPart)) {
				t.Errorf("key %d is in %s", i, filepath.Base(file))
			}
		}
	}
	for _, foreign := range []string{"sk-abcdefgh", "bt-st-abcdefgh", "sk-sandboxabcdefgh"} {
		c.key = foreign
		r := c.want(401, "GET", "/v1/user", nil)
		if !strings.Contains(string(r.body), "this is a sandbox") || strings.Contains(string(r.body), foreign) {
			t.Errorf("%s", r.body)
		}
	}
	for _, wrong := range []string{"", UserKeyPrefix + "x", minted + "x"} {
		c.key = wrong
		c.want(401, "GET", "/v1/user", nil)
	}
}
