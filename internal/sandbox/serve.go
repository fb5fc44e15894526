package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// DefaultListen is a free port of this machine alone.
const DefaultListen = "127.0.0.1:0"

// ServeOptions say how Serve listens.
type ServeOptions struct {
	Listen string            // host:port; empty: DefaultListen
	TLS    bool              // serve https with a certificate made for it
	Dir    string            // where certificate and CA file live; empty: the store's folder
	Ready  func(ServingInfo) // called once, when connections are accepted

	headerTimeout time.Duration // for tests
}

// ServingInfo is what a person needs to connect.
type ServingInfo struct {
	URL    string // e.g. http://127.0.0.1:8787
	Addr   net.Addr
	CAFile string // with TLS: give it to clients as their CA
	// Key is a generated service token of an owner when the address is not loopback, empty else.
	Key string
}

// servingToken is the name of the token that is made when the server listens beyond loopback.
const servingToken = "sandbox serve"

// Limits of the HTTP server, so that nobody can hold it up by being slow.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = time.Minute
	answerTimeout = 5 * time.Minute
	idleTimeout   = 10 * time.Minute
	closeTimeout  = 10 * time.Second
	maxHeader     = 64 << 10
)

// Serve listens until the context ends, then lets requests finish. On loopback the Host header must name this
// machine, so that a page of another site cannot reach the server through its own name (E7). Elsewhere names are
// taken that no public site can have, only generated keys are good, and a fresh one is told to Ready.
func (s *Server) Serve(ctx context.Context, opts ServeOptions) error {
	if opts.Listen == "" {
		opts.Listen = DefaultListen
	}
	if opts.headerTimeout == 0 {
		opts.headerTimeout = headerTimeout
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", opts.Listen)
	if err != nil {
		return fmt.Errorf("starting the sandbox: %w", err)
	}
	info, tlsConfig, err := s.prepareServing(listener.Addr(), opts)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{
		Handler:           checkHost(s.Handler(), listener.Addr(), opts.Listen),
		ReadHeaderTimeout: opts.headerTimeout, ReadTimeout: bodyTimeout, WriteTimeout: answerTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader,
		TLSConfig:      tlsConfig,
		ErrorLog:       log.New(io.Discard, "", 0), // failed handshakes and the like are the clients' affair
	}
	ended := make(chan error, 1)
	go func() {
		if tlsConfig != nil {
			ended <- server.ServeTLS(listener, "", "")
		} else {
			ended <- server.Serve(listener)
		}
	}()
	if opts.Ready != nil {
		opts.Ready(info)
	}
	select {
	case err := <-ended:
		return fmt.Errorf("serving the sandbox: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	err = server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if end := <-ended; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	if err != nil {
		return fmt.Errorf("stopping the sandbox: %w", err)
	}
	return nil
}

func (s *Server) prepareServing(addr net.Addr, opts ServeOptions) (ServingInfo, *tls.Config, error) {
	info := ServingInfo{URL: "http://" + reachable(addr), Addr: addr}
	var config *tls.Config
	if opts.TLS {
		dir := opts.Dir
		if dir == "" {
			dir = s.dir
		}
		if dir == "" {
			return info, nil, errors.New("serving https: no folder for the certificate was given")
		}
		certificate, caFile, err := ensureCertificate(dir, certificateNames(addr, opts.Listen), s.opts.Clock())
		if err != nil {
			return info, nil, err
		}
		info.URL, info.CAFile = "https://"+reachable(addr), caFile
		config = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	if !isLoopback(addr) {
		key, err := s.NewToken(servingToken)
		if err != nil {
			return info, nil, fmt.Errorf("listening beyond loopback: %w", err)
		}
		info.Key = key.Reveal()
	}
	return info, config, nil
}

// reachable is host:port for clients on this machine.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
