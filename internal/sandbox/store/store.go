package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// Errors of Open and of writes. They are wrapped with what was being opened.
var (
	ErrCorrupt  = errors.New("the sandbox store is damaged")
	ErrNewer    = errors.New("the sandbox store was written by a newer btadmin")
	ErrOlder    = errors.New("the sandbox store has an older format that this btadmin does not read")
	ErrForeign  = errors.New("the file is not a sandbox store")
	ErrReadOnly = errors.New("the sandbox store is read-only after a failed write; restart it")
	ErrClosed   = errors.New("the sandbox store is closed")
)

const (
	fileName      = "sandbox.db"
	applicationID = 0x62747362 // "btsb", in the file's header
	formatVersion = 1
)

// Options of Open.
type Options struct {
	// LockWait is how long to wait for another process to let go of the store; 0 means five seconds.
	LockWait time.Duration
	// Sync wraps every commit, for tests that delay or fail it; nil calls it.
	Sync func(commit func() error) error
	// Failed is called once, from the committer, when a write could not be made durable. Until it
	// returns, reads are refused; it must bring the caller's memory back to what Load gives.
	Failed func(error)
}

// Store is an open store. Its methods may be called from several goroutines.
type Store struct {
	opts Options
	path string
	lock *dirLock
	db   *sql.DB

	mu      sync.Mutex
	wake    *sync.Cond
	pending *batch // collects changes; nil when there are none
	flight  *batch // being committed; nil when none is
	broken  error  // first failed write
	settled bool   // memory was brought back after broken
	closing bool
	done    chan struct{}
}

// Open opens or makes the store in dir, which is made with mode 0700 when it is missing. Errors: one
// of the Err values above, *LockedError, or what the file system said.
func Open(dir string, opts Options) (_ *Store, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the sandbox folder: %w", err)
	}
	lock, err := acquire(dir, opts.LockWait)
	if err != nil {
		return nil, err
	}
	s := &Store{opts: opts, path: filepath.Join(dir, fileName), lock: lock, done: make(chan struct{})}
	s.wake = sync.NewCond(&s.mu)
	defer func() {
		if err != nil {
			if s.db != nil {
				_ = s.db.Close()
			}
			_ = lock.release()
		}
	}()
	if err := s.ensureFile(); err != nil {
		return nil, err
	}
	if s.db, err = openFile(s.path); err != nil {
		return nil, err
	}
	if err := checkFormat(s.db); err != nil {
		return nil, fmt.Errorf("opening %s: %w", s.path, err)
	}
	go s.commitLoop()
	return s, nil
}

// ensureFile makes a complete empty store under another name and renames it into place, so that a file
// under the real name is always whole: an empty or foreign one is an error, never silently replaced.
func (s *Store) ensureFile() error {
	info, err := os.Lstat(s.path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("opening %s: %w", s.path, ErrForeign)
	case err == nil && info.Size() == 0:
		return fmt.Errorf("opening %s: the file is empty: %w", s.path, ErrCorrupt)
	case err == nil:
		return os.Chmod(s.path, 0o600)
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("opening the sandbox store: %w", err)
	}
	if _, err := os.Lstat(s.path + "-wal"); err == nil {
		return fmt.Errorf("opening %s: the file is gone but its log is there: %w", s.path, ErrCorrupt)
	}
	fresh := s.path + ".new"
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(fresh + suffix) // left by a crash while making it
	}
	f, err := os.OpenFile(fresh, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("making the sandbox store: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("making the sandbox store: %w", err)
	}
	if err := initialise(fresh); err != nil {
		return fmt.Errorf("making the sandbox store: %w", err)
	}
	if err := os.Rename(fresh, s.path); err != nil {
		return fmt.Errorf("making the sandbox store: %w", err)
	}
	return syncDir(filepath.Dir(s.path))
}

func initialise(path string) error {
	db, err := openFile(path)
	if err != nil {
		return err
	}
	_, err = db.Exec(fmt.Sprintf(`
		CREATE TABLE rows (seq INTEGER PRIMARY KEY, rec BLOB NOT NULL);
		PRAGMA application_id = %d;
		PRAGMA user_version = %d;
		PRAGMA wal_checkpoint(TRUNCATE);`, applicationID, formatVersion))
	return errors.Join(err, db.Close())
}

func openFile(path string) (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "wal_autocheckpoint(2000)",
	}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: escapePath(path), RawQuery: query.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("opening the sandbox store: %w", err)
	}
	db.SetMaxOpenConns(1)
	if err := db.Ping(); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("opening %s: %w", path, classify(err))
	}
	return db, nil
}

// escapePath keeps characters that a file: URI gives a meaning to out of it.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path))
}

func checkFormat(db *sql.DB) error {
	var app, version int
	if err := db.QueryRow("PRAGMA application_id").Scan(&app); err != nil {
		return classify(err)
	}
	if err := db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return classify(err)
	}
	switch {
	case app != applicationID:
		return ErrForeign
	case version > formatVersion:
		return fmt.Errorf("format %d, this one knows %d: %w", version, formatVersion, ErrNewer)
	case version < formatVersion:
		return fmt.Errorf("format %d, this one knows %d: %w", version, formatVersion, ErrOlder)
	}
	return nil
}

// classify names damage as such; other errors stay what they are.
func classify(err error) error {
	text := err.Error()
	if strings.Contains(text, "not a database") || strings.Contains(text, "malformed") || strings.Contains(text, "no such table") {
		return fmt.Errorf("%w (%v)", ErrCorrupt, err)
	}
	return err
}

// Load calls yield with every record in the order of creation. The slices are the receiver's to keep.
func (s *Store) Load(yield func(Record) error) error {
	rows, err := s.db.Query("SELECT seq, rec FROM rows ORDER BY seq")
	if err != nil {
		return fmt.Errorf("reading %s: %w", s.path, classify(err))
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var data []byte
		if err := rows.Scan(&seq, &data); err != nil {
			return fmt.Errorf("reading %s: %w", s.path, classify(err))
		}
		rec, err := decodeRecord(uint64(seq), data)
		if err != nil {
			return fmt.Errorf("reading %s: %w", s.path, err)
		}
		if err := yield(rec); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", s.path, classify(err))
	}
	return nil
}

// Close commits what is pending, closes the file and lets the next process in.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		<-s.done
		return nil
	}
	s.closing = true
	s.wake.Signal()
	s.mu.Unlock()
	<-s.done
	_, err := s.db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if s.broken != nil {
		err = nil // reported to those who were waiting
	}
	return errors.Join(err, s.db.Close(), s.lock.release())
}
