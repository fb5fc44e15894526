package change_test

import (
	"context"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/orgstate"
	"btadmin/internal/resolve"
	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

// world is an organization of the sandbox, a client of its owner's, and a runner over both.
type world struct {
	*change.Runner
	t        testing.TB
	server   *sandbox.Server
	client   *braintrust.Client
	resolver *resolve.Resolver
	org      braintrust.Organization
	dir      string
	script   *script
	// clockwork is the time of the client's retries; nil: they do not wait.
	clockwork *clockwork
}

// script lets a test break the n-th write, before or after it is carried out.
type script struct {
	mu     sync.Mutex
	next   http.RoundTripper
	writes int
	fail   func(n int, r *http.Request) (before, after error)
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return s.next.RoundTrip(r)
	}
	s.mu.Lock()
	s.writes++
	n, fail := s.writes, s.fail
	s.mu.Unlock()
	var after error
	if fail != nil {
		var before error
		if before, after = fail(n, r); before != nil {
			return nil, before
		}
	}
	res, err := s.next.RoundTrip(r)
	if err == nil && after != nil {
		_ = res.Body.Close()
		return nil, after
	}
	return res, err
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, sandbox.Options{})
}

func newWorldWith(t testing.TB, options sandbox.Options) *world {
	t.Helper()
	server, err := sandbox.NewMemory(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	w := &world{t: t, server: server, dir: t.TempDir(), script: &script{next: server.Transport()}}
	w.as(server.Seeded().TokenKey)
	return w
}

// as makes the client that of another key.
func (w *world) as(key braintrust.Secret) {
	w.t.Helper()
	noWait := func(context.Context, time.Duration) error { return nil }
	retry := braintrust.RetryPolicy{Sleep: noWait}
	if w.clockwork != nil {
		retry.Sleep, retry.Now = w.clockwork.Sleep, w.clockwork.Now
	}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: key, Transport: w.script, Retry: retry})
	if err != nil {
		w.t.Fatal(err)
	}
	w.client, w.resolver = client, resolve.New(client)
	if w.org, err = w.resolver.Organization(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.Runner = &change.Runner{
		Client: client, Names: w.resolver.Seen(), Sleep: noWait,
		Caller: func(ctx context.Context) (orgstate.Caller, error) { return orgstate.WhoAmI(ctx, client, key) },
		Journal: func(host, orgID string) (*journal.Journal, error) {
			return journal.Open(journal.Folder(w.dir, host, orgID))
		},
	}
}

func (w *world) journalDir() string {
	return filepath.Clean(journal.Folder(w.dir, "sandbox", w.org.ID))
}

func (w *world) plan(steps ...change.Step) change.Plan {
	return change.Plan{Host: "sandbox", Org: w.org, Steps: steps}
}

func (w *world) review(steps ...change.Step) *change.Review {
	w.t.Helper()
	review, err := w.Review(w.t.Context(), w.plan(steps...))
	if err != nil {
		w.t.Fatal(err)
	}
	return review
}

func (w *world) group(name string) braintrust.Group {
	w.t.Helper()
	groups, err := braintrust.Collect(w.client.Groups(w.t.Context(), braintrust.GroupFilter{Name: name}))
	if err != nil || len(groups) != 1 {
		w.t.Fatalf("group %s: %v, %v", name, groups, err)
	}
	return groups[0]
}

func (w *world) user(email string) braintrust.User {
	w.t.Helper()
	users, err := braintrust.Collect(w.client.Users(w.t.Context(), braintrust.UserFilter{Emails: []string{email}}))
	if err != nil || len(users) != 1 {
		w.t.Fatalf("user %s: %v, %v", email, users, err)
	}
	return users[0]
}

func (w *world) project(name string) braintrust.Project {
	w.t.Helper()
	projects, err := braintrust.Collect(w.client.Projects(w.t.Context(), braintrust.ProjectFilter{Name: name}))
	if err != nil || len(projects) != 1 {
		w.t.Fatalf("project %s: %v, %v", name, projects, err)
	}
	return projects[0]
}

// guards are the ids of the guards that fired, each once, in order.
func guards(review *change.Review) []string {
	var ids []string
	for _, f := range review.Findings {
		if len(ids) == 0 || ids[len(ids)-1] != f.Guard {
			ids = append(ids, f.Guard)
		}
	}
	return ids
}
