package braintrust

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const maxCACert = 1 << 20

// ErrReadOnly says that a request was refused because the client only reads.
var ErrReadOnly = errors.New("refused: this client only reads")

// TransportOptions adapts NewTransport.
type TransportOptions struct {
	// CACertFile is a PEM file of certificate authorities to trust besides the system's.
	CACertFile string
}

// NewTransport makes the connections of a Client: TLS 1.2 or newer, always verified, "localhost"
// dialled on loopback addresses only, whatever the resolver says. Proxies are taken from the usual
// environment variables; they never see a request to this machine.
func NewTransport(options TransportOptions) (*http.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if options.CACertFile != "" {
		pool, err := certPool(options.CACertFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = pool
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            loopbackDialer{dial: dialer.DialContext}.dialContext,
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    32,
		MaxResponseHeaderBytes: 1 << 20,
	}, nil
}

func certPool(file string) (*x509.CertPool, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read the CA certificates: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read the CA certificates: %s is not a regular file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the CA certificates: %w", err)
	}
	defer f.Close()
	pem, err := io.ReadAll(io.LimitReader(f, maxCACert))
	if err != nil {
		return nil, fmt.Errorf("read the CA certificates in %s: %w", file, err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read the CA certificates: %s holds no PEM certificate", file)
	}
	return pool, nil
}

// loopbackDialer dials "localhost" without asking a resolver, which could send a plain http request
// to another machine.
type loopbackDialer struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

func (d loopbackDialer) dialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !strings.EqualFold(host, "localhost") {
		return d.dial(ctx, network, address)
	}
	conn, err := d.dial(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if err == nil || ctx.Err() != nil {
		return conn, err
	}
	if conn, err6 := d.dial(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
		return conn, nil
	}
	return nil, err
}

// readOnly refuses, below everything that builds requests, whatever may change something.
type readOnly struct{ next http.RoundTripper }

// RoundTrip lets reads pass and answers everything else with ErrReadOnly.
func (t readOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if !onlyReads(req.Method, req.URL.Path) || req.Method == http.MethodPost && req.ContentLength != 0 {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, ErrReadOnly
	}
	return t.next.RoundTrip(req)
}

// CloseIdleConnections passes the wish on.
func (t readOnly) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
