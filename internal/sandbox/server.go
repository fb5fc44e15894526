package sandbox

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"btadmin/internal/sandbox/store"
)

// Server is one organization and its API. Its methods may be called from several goroutines.
type Server struct {
	opts  Options
	reg   *registry
	store *store.Store // nil in memory
	dir   string

	mu     sync.RWMutex
	world  *world // guarded by mu
	seeded Seeded // guarded by mu
	lost   error  // set when memory could not be brought back after a failed write; guarded by mu

	randMu sync.Mutex
	rand   io.Reader

	faults        *faultSource
	reads, writes atomic.Int64
}

// Open opens or makes the store in dir and seeds it when it is empty. Errors: *store.LockedError when
// another process has it, store.ErrCorrupt and its siblings, or what the file system said.
func Open(dir string, opts Options) (*Server, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	s.dir = dir
	s.store, err = store.Open(dir, store.Options{LockWait: opts.LockWait, Sync: opts.sync, Failed: s.reload})
	if err != nil {
		return nil, err
	}
	if s.world, err = load(s.reg, s.store); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	if s.world == nil {
		if _, err := s.Seed(opts.Seed); err != nil {
			return nil, errors.Join(err, s.store.Close())
		}
	}
	return s, nil
}

// NewMemory is Open without a disk, for tests. It is always seeded.
func NewMemory(opts Options) (*Server, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, err
	}
	if _, err := s.Seed(opts.Seed); err != nil {
		return nil, err
	}
	return s, nil
}

func prepare(opts Options) (*Server, error) {
	switch opts.Plan {
	case "", PlanStarter, PlanPro, PlanEnterprise:
	default:
		return nil, fmt.Errorf("unknown plan %q: one of starter, pro, enterprise", opts.Plan)
	}
	if err := opts.Faults.check(); err != nil {
		return nil, err
	}
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	source := opts.Rand
	if source == nil {
		source = bufio.NewReaderSize(rand.Reader, 4096)
	}
	return &Server{opts: opts, reg: newRegistry(), rand: source, faults: newFaultSource(opts.Faults, opts.Clock)}, nil
}

// reload brings memory back to what is on disk after a failed write; from then on the server only reads.
func (s *Server) reload(error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := load(s.reg, s.store)
	if err == nil && w == nil {
		err = store.ErrCorrupt
	}
	if err != nil {
		s.lost = err
		return
	}
	s.world = w
	s.store.Settle()
}

// Handler answers the API, with the faults that Options ask for.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isWrite(r) {
			s.writes.Add(1)
		} else {
			s.reads.Add(1)
		}
		s.faults.serve(w, r, http.HandlerFunc(s.serve))
	})
}

func isWrite(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	return r.URL.Path != loginPath
}

// Seeded tells what the seed made, if this Open (or Seed) made it; the keys are empty otherwise,
// because only their hashes are kept.
func (s *Server) Seeded() Seeded {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seeded
}

// Counts tells how many requests were met since the server was opened.
func (s *Server) Counts() Counts {
	return Counts{Reads: int(s.reads.Load()), Writes: int(s.writes.Load())}
}

// Close writes what is pending and releases the store.
func (s *Server) Close() error {
	if s.store == nil {
		return nil
	}
	return s.store.Close()
}

// newID draws a random id (UUID version 4).
func (s *Server) newID() string {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	id, err := uuid.NewRandomFromReader(s.rand)
	if err != nil {
		panic(fmt.Sprintf("sandbox: no random numbers: %v", err)) // crypto/rand never fails; a test's reader may end
	}
	return id.String()
}

func (s *Server) now() string { return stamp(s.opts.Clock()) }

// stamp writes a time as the real server does: UTC, milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
