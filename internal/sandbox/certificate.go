package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"btadmin/internal/atomicfile"
)

// The files of --tls, in a folder of their own. There is no file with the CA's key: it signs once and is forgotten,
// so that nobody can ever sign something else with it.
const (
	tlsFolder = "tls"
	caName    = "ca.pem"
	certName  = "cert.pem"
	keyName   = "key.pem"

	certificateLife = 397 * 24 * time.Hour // the longest that some clients accept
	certificateRest = 30 * 24 * time.Hour  // made anew when less is left
)

// certificateNames are what clients may call the server.
func certificateNames(addr net.Addr, listen string) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if host, _, err := net.SplitHostPort(listen); err == nil {
		if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
			add(host)
		}
	}
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return names
	}
	if !tcp.IP.IsUnspecified() {
		add(tcp.IP.String())
		return names
	}
	if own, err := net.InterfaceAddrs(); err == nil {
		for _, a := range own {
			if n, ok := a.(*net.IPNet); ok {
				add(n.IP.String())
			}
		}
	}
	if name, err := os.Hostname(); err == nil {
		add(name)
	}
	return names
}

// ensureCertificate returns the certificate in dir/tls, which is made when it is missing, nearly over, or does not
// have one of the names; and the file of the CA that clients have to trust.
func ensureCertificate(dir string, names []string, now time.Time) (tls.Certificate, string, error) {
	dir = filepath.Join(dir, tlsFolder)
	ca, cert, key := filepath.Join(dir, caName), filepath.Join(dir, certName), filepath.Join(dir, keyName)
	if pair, err := tls.LoadX509KeyPair(cert, key); err == nil && stillGood(pair.Leaf, ca, names, now) {
		return pair, ca, nil
	}
	if err := atomicfile.MkdirPrivate(dir); err != nil {
		return tls.Certificate{}, "", fmt.Errorf("making the sandbox's certificate: %w", err)
	}
	made, err := makeCertificate(names, now)
	if err != nil {
		return tls.Certificate{}, "", fmt.Errorf("making the sandbox's certificate: %w", err)
	}
	for _, f := range []struct {
		path string
		data []byte
	}{{key, made.key}, {cert, made.cert}, {ca, made.ca}} {
		if err := atomicfile.Write(f.path, f.data, 0o600, true); err != nil {
			return tls.Certificate{}, "", fmt.Errorf("keeping the sandbox's certificate: %w", err)
		}
	}
	pair, err := tls.X509KeyPair(made.cert, made.key)
	return pair, ca, err
}

// stillGood reports whether clients that trust the CA file will accept the certificate for a while.
func stillGood(leaf *x509.Certificate, caFile string, names []string, now time.Time) bool {
	data, err := os.ReadFile(caFile)
	if err != nil {
		return false
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data) {
		return false
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now.Add(certificateRest)}); err != nil {
		return false
	}
	return !slices.ContainsFunc(names, func(name string) bool { return leaf.VerifyHostname(name) != nil })
}

// pemFiles are a new CA, the certificate that it signed, and that one's key.
type pemFiles struct{ ca, cert, key []byte }

func makeCertificate(names []string, now time.Time) (pemFiles, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pemFiles{}, err
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pemFiles{}, err
	}
	ca := template("btadmin sandbox CA", now)
	ca.IsCA, ca.BasicConstraintsValid, ca.MaxPathLenZero = true, true, true
	ca.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	leaf := template("btadmin sandbox", now)
	leaf.BasicConstraintsValid = true
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return pemFiles{}, err
	}
	signer, err := x509.ParseCertificate(caDER)
	if err != nil {
		return pemFiles{}, err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, signer, &leafKey.PublicKey, caKey)
	if err != nil {
		return pemFiles{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		return pemFiles{}, err
	}
	block := func(kind string, der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	}
	return pemFiles{ca: block("CERTIFICATE", caDER), cert: block("CERTIFICATE", leafDER), key: block("PRIVATE KEY", keyDER)}, nil
}

func template(name string, now time.Time) *x509.Certificate {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // never fails
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: name, Organization: []string{"btadmin sandbox"}},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
	}
}
