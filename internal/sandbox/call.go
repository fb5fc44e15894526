package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"btadmin/internal/sandbox/store"
	"btadmin/pkg/access"
)

const (
	jsonType  = "application/json; charset=utf-8"
	textType  = "text/plain; charset=utf-8"
	loginPath = "/api/apikey/login"
	maxBody   = 10 << 20

	headerExisting = "x-bt-found-existing"
	headerTrace    = "x-bt-internal-trace-id"
	headerSandbox  = "x-btadmin-sandbox"
)

// call is one request on its way through a handler, which runs under the server's lock.
type call struct {
	*world
	s      *Server
	r      *http.Request
	query  url.Values
	body   []byte
	caller caller
	header http.Header // of the answer
}

// caller is who asks.
type caller struct {
	credential
	subject access.Principal
}

// answer is what goes back. Its parts are never changed once made, so they are written without a lock.
type answer struct {
	status      int
	contentType string
	header      http.Header
	parts       [][]byte
}

func ok(parts ...[]byte) answer {
	return answer{status: http.StatusOK, contentType: jsonType, parts: parts}
}

// handler answers one request; write says that it may change something.
type handler struct {
	run   func(*call) (answer, error)
	write bool
	open  bool // needs no key
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	trace := strings.ReplaceAll(s.newID(), "-", "")
	h := w.Header()
	h.Set(headerTrace, trace)
	h.Set(headerSandbox, "1")
	h.Set("Server", "btadmin-sandbox")
	h.Set("Cache-Control", "no-store")
	if r.Method == http.MethodOptions { // other sites' pages get no leave to call (CORS)
		h.Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
		w.WriteHeader(http.StatusOK)
		return
	}
	a, err := s.answer(r)
	var f *fault
	switch {
	case errors.As(err, &f):
		a = f.answer(r.URL.Path, trace)
	case err != nil:
		a = (&fault{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()}).answer(r.URL.Path, trace)
	}
	for key, values := range a.header {
		h[key] = values
	}
	size := 0
	for _, p := range a.parts {
		size += len(p)
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(a.status)
	if r.Method == http.MethodHead {
		return
	}
	for _, p := range a.parts {
		if _, err := w.Write(p); err != nil {
			return // the client went away
		}
	}
}

// answer runs a request under the lock and returns when the version that it saw is durable.
func (s *Server) answer(r *http.Request) (answer, error) {
	h, err := s.route(r)
	if err != nil {
		return answer{}, err
	}
	c := &call{s: s, r: r, header: make(http.Header)}
	// The body is read before the lock is taken: a slow client holds up nobody.
	if r.Body != nil && r.Method != http.MethodGet && r.Method != http.MethodHead {
		if c.body, err = readBody(r.Body); err != nil {
			return answer{}, err
		}
	}
	if c.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return answer{}, badRequest("Invalid query string")
	}
	a, ticket, err := s.locked(c, h)
	if waitErr := ticket.Wait(); waitErr != nil {
		return answer{}, unavailable(waitErr)
	}
	if a.header == nil {
		a.header = c.header
	}
	return a, err
}

func (s *Server) locked(c *call, h handler) (out answer, ticket store.Ticket, err error) {
	if h.write {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	if s.lost != nil {
		return answer{}, store.Ticket{}, unavailable(s.lost)
	}
	c.world = s.world
	if h.write {
		// What panics half way leaves memory in an unknown state: nothing of it is shown or saved.
		defer func() {
			if p := recover(); p != nil {
				s.lost = fmt.Errorf("a defect of the sandbox: %v; restart it", p)
				out, ticket, err = answer{}, store.Ticket{}, unavailable(s.lost)
			}
		}()
	}
	if h.write && s.store != nil {
		if err := s.store.Writable(); err != nil {
			return answer{}, store.Ticket{}, unavailable(err)
		}
	}
	if !h.open {
		if err := c.authenticate(); err != nil {
			return answer{}, s.ticket(), err
		}
	}
	a, err := h.run(c)
	if !h.write {
		return a, s.ticket(), err
	}
	changes := c.world.changes
	c.world.changes = nil
	if len(changes) > 0 && s.store != nil {
		return a, s.store.Append(changes...), err
	}
	return a, s.ticket(), err
}

// ticket is the newest version: also a refusal tells something about it.
func (s *Server) ticket() store.Ticket {
	if s.store == nil {
		return store.Ticket{}
	}
	return s.store.Current()
}

func unavailable(err error) error {
	return &fault{status: http.StatusServiceUnavailable, code: "ServiceUnavailableError", message: err.Error()}
}

func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	var tooLarge *http.MaxBytesError
	if len(body) > maxBody || errors.As(err, &tooLarge) {
		return nil, &fault{status: http.StatusRequestEntityTooLarge, code: "PayloadTooLargeError", message: fmt.Sprintf("request body over %d bytes", maxBody)}
	}
	if err != nil {
		return nil, badRequest("reading the request body: %v", err)
	}
	return body, nil
}
