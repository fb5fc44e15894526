package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/getkin/kin-openapi/routers"
)

// Transport checks what a client sends and gets, and passes everything on unchanged. report is called
// for each violation, from whatever goroutine sends.
func (s *Spec) Transport(next http.RoundTripper, report func(error)) http.RoundTripper {
	return transport{spec: s, next: next, report: report}
}

type transport struct {
	spec   *Spec
	next   http.RoundTripper
	report func(error)
}

// RoundTrip checks one exchange.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := read(req)
	if err != nil {
		return nil, err
	}
	requestErr := t.spec.Request(req, body)
	if requestErr != nil {
		t.report(requestErr)
	}
	res, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	answer, readErr := io.ReadAll(res.Body)
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(answer))
	if readErr != nil {
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(answer), broken{readErr}))
		return res, nil //nolint:nilerr // whoever reads the body meets the error
	}
	if !isRouteError(requestErr) {
		if err := t.spec.Response(req, res.StatusCode, res.Header, answer); err != nil {
			t.report(err)
		}
	}
	return res, nil
}

// read takes the body of a request and puts a copy back.
func read(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	req.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// broken gives a read error to whoever reads on.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func isRouteError(err error) bool {
	var unknown *routers.RouteError
	return errors.As(err, &unknown)
}

// Handler checks what a server accepts and answers. A request that breaks the rules is a violation
// only if the server accepts it: tests send wrong ones on purpose.
func (s *Spec) Handler(next http.Handler, report func(error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := read(req)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		// The handler may change the request, so its shape is kept.
		seen := req.Clone(req.Context())
		tee := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(tee, req)
		requestErr := s.Request(seen, body)
		if requestErr != nil {
			if tee.status < 300 {
				report(fmt.Errorf("accepted although the %w", requestErr))
			}
			if isRouteError(requestErr) {
				return
			}
		}
		if err := s.Response(seen, tee.status, tee.Header(), tee.body.Bytes()); err != nil {
			report(err)
		}
	})
}

// recorder passes an answer on and keeps a copy.
type recorder struct {
	http.ResponseWriter
	status  int
	started bool
	body    bytes.Buffer
}

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) {
	if !r.started && status >= 200 {
		r.status, r.started = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write keeps the bytes.
func (r *recorder) Write(data []byte) (int, error) {
	r.started = true
	r.body.Write(data)
	return r.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
