package braintrust_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"btadmin/pkg/braintrust"
)

// certificate makes a self-signed one; it doubles as its own authority.
func certificate(t *testing.T, host string, notAfter time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: notAfter,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func serveTLS(t *testing.T, cert tls.Certificate) (s *server, caFile string) {
	t.Helper()
	s = new(server)
	s.Server = httptest.NewUnstartedServer(s.handler(fixed(200, `{"objects":[]}`)))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains about refused handshakes
	s.StartTLS()
	t.Cleanup(s.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
	if err := os.WriteFile(caFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return s, caFile
}

func TestA13_Certificates(t *testing.T) {
	t.Parallel()
	later, before := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	for _, test := range []struct {
		name, host string
		notAfter   time.Time
		trusted    bool
		accepted   bool
	}{
		{"private authority, named", "127.0.0.1", later, true, true},
		{"self-signed", "127.0.0.1", later, false, false},
		{"expired", "127.0.0.1", before, true, false},
		{"wrong host", "other.example.com", later, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, caFile := serveTLS(t, certificate(t, test.host, test.notAfter))
			if !test.trusted {
				caFile = ""
			}
			transport, err := braintrust.NewTransport(braintrust.TransportOptions{CACertFile: caFile})
			if err != nil {
				t.Fatal(err)
			}
			attempts := 0
			clock := newClock()
			c := client(t, s.URL, withClock(clock), func(config *braintrust.Config) {
				config.Transport = transport
				config.Observe = func(braintrust.Exchange) { attempts++ }
			})
			_, err = braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{}))
			if test.accepted {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var network *braintrust.NetworkError
			if !errors.As(err, &network) || network.MaybeSent || network.Hint() == "" {
				t.Fatalf("got %#v, want a *NetworkError that says nothing was sent, with a hint", err)
			}
			if attempts != 1 || clock.total() != 0 || len(s.got()) != 0 {
				t.Errorf("%d attempts, %d requests; want one that sends nothing", attempts, len(s.got()))
			}
		})
	}
}

func TestA13_CACertFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.pem")
	if err := os.WriteFile(garbage, []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{garbage, dir, filepath.Join(dir, "absent.pem")} {
		if _, err := braintrust.NewTransport(braintrust.TransportOptions{CACertFile: file}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v, want an error that names the file", file, err)
		}
	}
}

// TestA2_LocalhostDialsLoopback looks at the addresses that the transport asks for: no resolver may
// decide where "localhost" is.
func TestA2_LocalhostDialsLoopback(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, `{"objects":[]}`))
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	transport, err := braintrust.NewTransport(braintrust.TransportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, "http://localhost:"+port, func(config *braintrust.Config) { config.Transport = transport })
	if _, err := braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{})); err != nil {
		t.Fatal(err)
	}

	var dialled []string
	dial := braintrust.LoopbackDial(func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = append(dialled, address)
		return nil, errors.New("refused")
	})
	for _, address := range []string{"localhost:80", "LocalHost:80", "api.example.com:443"} {
		if _, err := dial(t.Context(), "tcp", address); err == nil {
			t.Error("no error")
		}
	}
	want := "127.0.0.1:80 [::1]:80 127.0.0.1:80 [::1]:80 api.example.com:443"
	if got := strings.Join(dialled, " "); got != want {
		t.Errorf("dialled %s, want %s", got, want)
	}
}
