package cli_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
	"btadmin/internal/sandbox"
)

// checkedProxy stands between btadmin and a sandbox and holds what passes against the description of the API,
// in both directions. It does nothing else: what it finds is asked for after each command.
type checkedProxy struct {
	url string
	key string // service token of the sandbox's owner

	mu         sync.Mutex
	violations []error
	requests   []string
}

// newCheckedProxy serves the demo organization through a proxy. Without the description there is nothing to hold
// anything against.
func newCheckedProxy(t *testing.T) *checkedProxy {
	t.Helper()
	spec, err := description()
	if err != nil {
		t.Fatal(err)
	}
	if spec == nil {
		t.Skip("shared/reference/openapi.json is not beside the checkout: the command set is not held against it")
	}
	server := memory(t, sandbox.Options{})
	organization := httptest.NewServer(server.Handler())
	t.Cleanup(organization.Close)
	target, err := url.Parse(organization.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := &checkedProxy{key: server.Seeded().TokenKey.Reveal()}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: spec.Transport(organization.Client().Transport, p.violated),
	}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.requests = append(p.requests, r.Method+" "+r.URL.RequestURI())
		p.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(listener.Close)
	p.url = listener.URL
	return p
}

func (p *checkedProxy) violated(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.violations = append(p.violations, err)
}

// passed gives and forgets what came by since the last time.
func (p *checkedProxy) passed() (requests []string, violations []error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	requests, violations = p.requests, p.violations
	p.requests, p.violations = nil, nil
	return requests, violations
}

// run is one command of somebody who has nothing but an environment, within the test.
func (p *checkedProxy) run(environment map[string]string, stdin string, args []string) ended {
	streams, out, errOut := iostreams.Test(stdin)
	streams.Env = func(name string) string { return environment[name] }
	code := cli.Main(streams, build.New("v0.0.0-test", "", ""), args)
	return ended{code, out.String(), errOut.String()}
}
