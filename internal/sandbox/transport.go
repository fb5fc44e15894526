package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
)

// ErrConnectionLost is what a client of Transport sees when a fault takes the answer away.
var ErrConnectionLost = errors.New("the sandbox closed the connection without an answer")

// Transport serves requests in this process, without a socket. It takes http://127.0.0.1 and http://localhost,
// any port, and nothing else, so that a key for another server is never eaten by mistake.
func (s *Server) Transport() http.RoundTripper { return transport{handler: s.Handler()} }

type transport struct{ handler http.Handler }

// RoundTrip runs the handler in the caller's goroutine.
func (t transport) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if host := r.URL.Hostname(); r.URL.Scheme != "http" || !isLoopbackName(host) {
		return nil, fmt.Errorf("the sandbox in this process is not %s://%s", r.URL.Scheme, r.URL.Host)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), "127.0.0.1:1", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.URL.Path == "" {
		in.URL.Path = "/"
	}
	w := &recorder{header: make(http.Header)}
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // a panic value is compared, not wrapped
			answer, err = nil, fmt.Errorf("%w: %w", ErrConnectionLost, io.ErrUnexpectedEOF)
		} else if p != nil {
			panic(p)
		}
	}()
	t.handler.ServeHTTP(w, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.response(r), nil
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.body.Cap() == 0 {
		if n, err := strconv.Atoi(w.header.Get("Content-Length")); err == nil {
			w.body.Grow(n)
		}
	}
	return w.body.Write(b)
}

func (w *recorder) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}
}

// isLoopbackName reports names of this machine that need no look-up.
func isLoopbackName(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
