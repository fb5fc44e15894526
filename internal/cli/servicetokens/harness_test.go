package servicetokens

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/iostreams"
	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

const canary = sandbox.ServiceTokenPrefix + "canaryCANARYcanary0001"

// organization is an embedded organization behind a real listener, whose answers a test may spoil.
type organization struct {
	t      *testing.T
	server *sandbox.Server
	url    string
	home   string
	spoil  func(w http.ResponseWriter, r *http.Request, next http.Handler)
}

func newOrganization(t *testing.T) *organization {
	t.Helper()
	server, err := sandbox.Open(t.TempDir(), sandbox.Options{Seed: sandbox.SeedSpec{TokenKey: canary}})
	if err != nil {
		t.Fatal(err)
	}
	o := &organization{t: t, server: server, home: t.TempDir()}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.spoil != nil {
			o.spoil(w, r, server.Handler())
			return
		}
		server.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	o.url = listener.URL
	return o
}

// run is what one command line did.
type run struct {
	err         error
	out, errOut *bytes.Buffer
}

// as runs a command with a key. Global flags are set with change.
func (o *organization) as(key string, set func(*app.App), args ...string) run {
	o.t.Helper()
	streams, out, errOut := iostreams.Test("")
	env := map[string]string{"HOME": o.home, "BRAINTRUST_API_KEY": key, "BRAINTRUST_API_URL": o.url}
	streams.Env = func(name string) string { return env[name] }
	a := app.New(streams, build.New("v0.0.0-test", "", ""), args)
	a.Flags.Yes = true
	if set != nil {
		set(a)
	}
	if err := a.Start(); err != nil {
		o.t.Fatal(err)
	}
	cmd := New(a)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(context.Background())
	if closeErr := a.Close(); closeErr != nil {
		o.t.Error(closeErr)
	}
	return run{err: err, out: out, errOut: errOut}
}

// tokens are the names of the tokens that there are, by id.
func (o *organization) tokens() map[string]string {
	o.t.Helper()
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: braintrust.NewSecret(canary), Transport: o.server.Transport()})
	if err != nil {
		o.t.Fatal(err)
	}
	all, err := braintrust.Collect(client.ServiceTokens(context.Background(), braintrust.ServiceTokenFilter{}))
	if err != nil {
		o.t.Fatal(err)
	}
	byID := map[string]string{}
	for _, token := range all {
		byID[token.ID] = token.Name
	}
	return byID
}

func (o *organization) count(name string) int {
	n := 0
	for _, have := range o.tokens() {
		if have == name {
			n++
		}
	}
	return n
}

// noWait lets no time pass between attempts.
func noWait(context.Context, time.Duration) error { return nil }

func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}
