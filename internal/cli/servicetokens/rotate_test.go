package servicetokens

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/change"
	"btadmin/internal/iostreams"
	"btadmin/internal/tokensink"
)

// rotate runs the verb with a clock that does not pass.
func (o *organization) rotate(set func(*app.App), sink tokensink.Options, typed string, wait func(context.Context, time.Duration) error) run {
	o.t.Helper()
	streams, out, errOut := iostreams.Test("")
	env := map[string]string{"HOME": o.home, "BRAINTRUST_API_KEY": canary, "BRAINTRUST_API_URL": o.url}
	streams.Env = func(name string) string { return env[name] }
	a := app.New(streams, build.New("v0.0.0-test", "", ""), []string{"service-tokens", "rotate", typed})
	a.Flags.Yes = true
	if set != nil {
		set(a)
	}
	err := runRotate(context.Background(), a, typed, rotateOptions{sink: sink, wait: wait})
	if closeErr := a.Close(); closeErr != nil {
		o.t.Error(closeErr)
	}
	return run{err: err, out: out, errOut: errOut}
}

func TestRotateReplacesTheToken(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	before := o.tokens()
	file := filepath.Join(t.TempDir(), "token")
	got := o.rotate(nil, tokensink.Options{Out: file}, "ci-evals", noWait)
	if got.err != nil {
		t.Fatal(got.err)
	}
	after := o.tokens()
	if o.count("ci-evals") != 1 || len(after) != len(before) {
		t.Errorf("tokens before %v, after %v", before, after)
	}
	for id, name := range before {
		if _, there := after[id]; there == (name == "ci-evals") {
			t.Errorf("token %s (%s): there is %v", id, name, there)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(raw), "bt-st-") {
		t.Errorf("file has %q, %v", raw, err)
	}
	if got.out.Len() > 0 || strings.Contains(got.errOut.String(), strings.TrimSpace(string(raw))) {
		t.Errorf("the secret was shown: stdout %q, stderr %q", got.out, got.errOut)
	}
}

// A new token that the server never takes leaves the old one in place: exit code 5.
func TestRotateKeepsTheOldTokenWhenTheNewOneDoesNotWork(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	o.spoil = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if bearer(r) != canary {
			http.Error(w, "Unauthorized: invalid API key", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	}
	attempts := 0
	got := o.rotate(nil, tokensink.Options{}, "ci-evals", func(context.Context, time.Duration) error {
		attempts++
		return nil
	})
	var partial *change.PartialError
	if !errors.As(got.err, &partial) || partial.RunID == "" {
		t.Fatalf("error %v, want a partial one with a run", got.err)
	}
	if !strings.Contains(got.err.Error(), "does not work") || !strings.Contains(got.err.Error(), "stays") {
		t.Errorf("message %q", got.err)
	}
	if attempts < 10 {
		t.Errorf("the token was tried %d times, and may need 30 s", attempts)
	}
	if n := o.count("ci-evals"); n != 2 {
		t.Errorf("there are %d tokens, want the old and the new one", n)
	}
	if !strings.HasPrefix(got.out.String(), "bt-st-") {
		t.Errorf("the new token was not handed over: %q", got.out)
	}
}

// Servers lag behind their writes: a token that works a little later is fine.
func TestRotateWaitsForTheNewToken(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	refused := 0
	o.spoil = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if bearer(r) != canary && refused < 3 {
			refused++
			http.Error(w, "Unauthorized: invalid API key", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	}
	got := o.rotate(nil, tokensink.Options{}, "ci-evals", noWait)
	if got.err != nil || refused != 3 || o.count("ci-evals") != 1 {
		t.Errorf("error %v, refused %d times, %d tokens", got.err, refused, o.count("ci-evals"))
	}
}

func TestRotateSaysWhenTheOldTokenCannotBeDeleted(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	o.spoil = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodDelete {
			http.Error(w, "Forbidden", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	}
	got := o.rotate(nil, tokensink.Options{}, "ci-evals", noWait)
	var partial *change.PartialError
	if !errors.As(got.err, &partial) || !strings.Contains(got.err.Error(), "could not be deleted") ||
		!strings.Contains(partial.Hint(), "service-tokens delete") {
		t.Errorf("error %v", got.err)
	}
}

// G3: the token in use is rotated only on purpose, and the guard speaks before anything is minted.
func TestG3RotateTokenInUse(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	before := o.server.Counts().Writes
	got := o.rotate(nil, tokensink.Options{}, "platform-admin", noWait)
	var guard *change.GuardError
	if !errors.As(got.err, &guard) || guard.Findings[0].Guard != "G3" || o.server.Counts().Writes != before {
		t.Fatalf("error %v after %d writes", got.err, o.server.Counts().Writes-before)
	}
	override := func(a *app.App) { a.Flags.Override, a.Flags.Reason = "G3", "yearly" }
	// The answer to the deletion is lost: the deleted token cannot ask what became of it, the new one can.
	o.spoil = func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodDelete {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(discard{http.Header{}}, r)
		http.Error(w, "bad gateway", http.StatusBadGateway)
	}
	got = o.rotate(override, tokensink.Options{}, "platform-admin", noWait)
	if got.err != nil {
		t.Fatal(got.err)
	}
	if !strings.Contains(got.errOut.String(), "btadmin auth login --token-stdin") {
		t.Errorf("no way on: %q", got.errOut)
	}
	o.spoil = nil
	if again := o.as(strings.TrimSpace(got.out.String()), nil, "list"); again.err != nil || !strings.Contains(again.out.String(), "platform-admin") {
		t.Errorf("the new token: %v %q", again.err, again.out)
	}
	if again := o.as(canary, nil, "list"); again.err == nil {
		t.Error("the old token still works")
	}
}

// discard is an answer that nobody gets.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
