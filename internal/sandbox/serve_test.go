package sandbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serve runs a server until the test ends and returns how to reach it; stop ends it earlier.
func serve(t testing.TB, s *Server, opts ServeOptions) (info ServingInfo, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan ServingInfo, 1), make(chan error, 1)
	opts.Ready = func(info ServingInfo) { ready <- info }
	go func() { ended <- s.Serve(ctx, opts) }()
	stopped := false
	stop = func() error {
		cancel()
		if stopped {
			return nil
		}
		stopped = true
		return <-ended
	}
	select {
	case info = <-ready:
	case err := <-ended:
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop() })
	return info, stop
}

func TestE7LoopbackByDefault(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	info, stop := serve(t, s, ServeOptions{})
	if !isLoopback(info.Addr) || info.Key != "" || !strings.HasPrefix(info.URL, "http://127.0.0.1:") {
		t.Fatalf("%+v", info)
	}
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c := &client{t: t, transport: wire, base: info.URL, key: s.Seeded().TokenKey.Reveal()}
	if r := c.want(200, "POST", "/api/apikey/login", nil); !strings.Contains(string(r.body), info.URL) {
		t.Errorf("the login does not name this server: %s", r.body)
	}
	port := info.URL[strings.LastIndexByte(info.URL, ':'):]
	for host, status := range map[string]int{
		"127.0.0.1" + port: 200, "localhost" + port: 200, "localhost": 200, "[::1]" + port: 200, "LOCALHOST.": 200,
		"evil.example.com" + port: 403, "localhost.evil.example.com": 403, "127.0.0.1.evil.example.com": 403, "10.0.0.5" + port: 403, "sandbox": 403,
	} {
		if got := withHost(t, wire, info.URL+"/ping", host, c.key); got != status {
			t.Errorf("Host %s: %d, want %d", host, got, status)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if _, err := c.try("GET", "/ping", nil); err == nil {
		t.Error("it still answers")
	}
}

func withHost(t *testing.T, wire http.RoundTripper, url, host, key string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := wire.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// TestE7BeyondLoopback: a fresh generated key each time; a key that somebody chose is not good there.
func TestE7BeyondLoopback(t *testing.T) {
	t.Parallel()
	chosen := ServiceTokenPrefix + "chosen-by-hand"
	s := newServer(t, Options{Seed: SeedSpec{TokenKey: chosen}})
	first, stop := serve(t, s, ServeOptions{Listen: "0.0.0.0:0"})
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	info, _ := serve(t, s, ServeOptions{Listen: "0.0.0.0:0"})
	if info.Key == "" || info.Key == first.Key || !strings.HasPrefix(info.Key, ServiceTokenPrefix) {
		t.Fatal("no fresh key")
	}
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c := &client{t: t, transport: wire, base: info.URL, key: info.Key}
	c.want(200, "GET", "/v1/service_token", nil)
	if got := c.ids("/v1/service_token?service_token_name=sandbox+serve"); len(got) != 1 {
		t.Errorf("%d tokens for serving", len(got))
	}
	c.key = first.Key
	c.want(401, "GET", "/ping", nil)
	c.key = chosen
	c.want(200, "GET", "/ping", nil) // this connection came over loopback
	for host, status := range map[string]int{"sandbox:8787": 200, "sandbox.test": 200, "10.0.0.5": 200, "evil.example.com": 403, "": 403} {
		if host == "" {
			continue // a client cannot leave it out; see TestHostNames
		}
		if got := withHost(t, wire, info.URL+"/ping", host, info.Key); got != status {
			t.Errorf("Host %s: %d, want %d", host, got, status)
		}
	}
	outside := outsideAddress()
	if outside == "" {
		return // this machine has loopback only: nothing more can be reached
	}
	_, port, _ := net.SplitHostPort(info.Addr.String())
	c.base = "http://" + net.JoinHostPort(outside, port)
	if r := c.want(401, "GET", "/ping", nil); !strings.Contains(string(r.body), "loopback only") {
		t.Errorf("%s", r.body)
	}
	c.key = info.Key
	c.want(200, "GET", "/ping", nil)
}

// outsideAddress is an address of this machine that is not loopback, "" if there is none.
func outsideAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			return n.IP.String()
		}
	}
	return ""
}

func TestHostNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"": false, "sandbox": true, "10.1.2.3": true, "fe80::1": true, "a.test": true, "a.internal": true, "a.b.local": true, "localhost": true,
		"example.com": false, "test.example.com": false, "com": true, // a single word resolves nowhere in public
	} {
		if got := privateName(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

// TestE7TLS: the CA file is all that a client needs; its files are nobody else's; it stays the same over restarts.
func TestE7TLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newServer(t, Options{Clock: time.Now})
	info, stop := serve(t, s, ServeOptions{TLS: true, Dir: dir})
	if !strings.HasPrefix(info.URL, "https://127.0.0.1:") || info.CAFile != filepath.Join(dir, tlsFolder, caName) {
		t.Fatalf("%+v", info)
	}
	before, err := os.ReadFile(info.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(before) {
		t.Fatal("no certificate in the CA file")
	}
	trusting := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	defer trusting.CloseIdleConnections()
	c := &client{t: t, transport: trusting, base: info.URL, key: s.Seeded().TokenKey.Reveal()}
	c.want(200, "POST", "/v1/group", obj{"name": "over https"})
	c.base = strings.Replace(info.URL, "127.0.0.1", "localhost", 1)
	if r := c.want(200, "POST", "/api/apikey/login", nil); !strings.Contains(string(r.body), `"api_url":"`+c.base+`"`) {
		t.Errorf("%s", r.body)
	}
	doubting := &http.Transport{}
	defer doubting.CloseIdleConnections()
	c.transport = doubting
	var unknown *tls.CertificateVerificationError
	if _, err := c.try("GET", "/ping", nil); !errors.As(err, &unknown) {
		t.Errorf("without the CA: %v", err)
	}
	for name, mode := range map[string]os.FileMode{"": 0o700, caName: 0o600, certName: 0o600, keyName: 0o600} {
		info, err := os.Stat(filepath.Join(dir, tlsFolder, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%q: %v %v, want %v", name, info.Mode().Perm(), err, mode)
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	_, _ = serve(t, s, ServeOptions{TLS: true, Dir: dir})
	if after, _ := os.ReadFile(info.CAFile); string(after) != string(before) {
		t.Error("the CA changed without a reason")
	}
	for name, when := range map[string]time.Time{"almost over": time.Now().Add(certificateLife - 24*time.Hour), "over": time.Now().Add(2 * certificateLife)} {
		if _, _, err := ensureCertificate(dir, []string{"localhost"}, when); err != nil {
			t.Fatal(err)
		}
		if after, _ := os.ReadFile(info.CAFile); string(after) == string(before) {
			t.Errorf("%s: it was not made anew", name)
		}
	}
	if err := newServer(t, Options{}).Serve(context.Background(), ServeOptions{TLS: true}); err == nil {
		t.Error("https without a folder")
	}
}

// TestE7SlowAndLarge: who sends headers too slowly is cut off, bodies end at 10 MiB.
func TestE7SlowAndLarge(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	info, _ := serve(t, s, ServeOptions{headerTimeout: 50 * time.Millisecond})
	conn, err := net.Dial("tcp", info.Addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprint(conn, "GET /ping HTTP/1.1\r\nHost: localhost\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(bufio.NewReader(conn))
	if err != nil || strings.Contains(string(rest), "200 OK") {
		t.Errorf("the slow one got %q, %v", rest, err)
	}
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c := &client{t: t, transport: wire, base: info.URL, key: s.Seeded().TokenKey.Reveal()}
	r, err := c.try("POST", "/v1/group", `{"name":"`+strings.Repeat("x", maxBody)+`"}`)
	if err == nil && r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", r.status)
	}
	c.want(200, "POST", "/v1/group", `{"name":"`+strings.Repeat("x", maxBody-100)+`"}`)
}

// TestServeFaults: over a socket a lost answer is a connection that ends.
func TestServeFaults(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{Faults: Faults{DropAfterCommit: 1}})
	info, _ := serve(t, s, ServeOptions{})
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c := &client{t: t, transport: wire, base: info.URL, key: s.Seeded().TokenKey.Reveal()}
	if r, err := c.try("POST", "/v1/group", obj{"name": "lost"}); err == nil {
		t.Errorf("there is an answer: %d", r.status)
	}
	if got := c.ids("/v1/group?group_name=lost"); len(got) != 1 {
		t.Errorf("%d groups", len(got))
	}
}

// TestServeErrors: an address that is taken is said so.
func TestServeErrors(t *testing.T) {
	t.Parallel()
	s := newServer(t, Options{})
	info, _ := serve(t, s, ServeOptions{})
	if err := s.Serve(context.Background(), ServeOptions{Listen: info.Addr.String()}); err == nil || !strings.Contains(err.Error(), "starting the sandbox") {
		t.Errorf("%v", err)
	}
}
