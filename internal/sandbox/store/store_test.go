package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func open(t *testing.T, dir string, opts Options) *Store {
	t.Helper()
	s, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func all(t *testing.T, s *Store) []Record {
	t.Helper()
	var out []Record
	if err := s.Load(func(r Record) error { out = append(out, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func record(seq uint64, id string) Record {
	return Record{Seq: seq, Kind: "thing", ID: id, Body: []byte(`{"id":"` + id + `"}`), Private: []byte("p")}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, Options{})
	if got := all(t, s); got != nil {
		t.Fatalf("a new store has %v", got)
	}
	hidden := record(2, "b")
	hidden.Hidden = true
	for _, ticket := range []Ticket{
		s.Append(Change{Record: record(1, "a")}, Change{Record: record(2, "b")}, Change{Record: record(3, "c")}),
		s.Append(Change{Record: hidden}, Change{Record: Record{Seq: 3}, Delete: true}),
	} {
		if err := ticket.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, Options{})
	if diff := cmp.Diff([]Record{record(1, "a"), hidden}, all(t, s)); diff != "" {
		t.Error(diff)
	}
	if err := s.Replace([]Record{record(9, "z")}).Wait(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Record{record(9, "z")}, all(t, s)); diff != "" {
		t.Error(diff)
	}
	for name, mode := range map[string]os.FileMode{".": 0o700, fileName: 0o600, lockName: 0o600} {
		if name == "." {
			continue // a test's folder is not ours
		}
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v, want %v", name, info.Mode(), err, mode)
		}
	}
}

func TestRecordEncoding(t *testing.T) {
	t.Parallel()
	bytes := rapid.SliceOf(rapid.Byte())
	rapid.Check(t, func(rt *rapid.T) {
		r := Record{
			Seq: rapid.Uint64().Draw(rt, "seq"), Kind: rapid.String().Draw(rt, "kind"), ID: rapid.String().Draw(rt, "id"),
			Hidden: rapid.Bool().Draw(rt, "hidden"), Private: bytes.Draw(rt, "private"), Body: bytes.Draw(rt, "body"),
		}
		data := r.encode()
		got, err := decodeRecord(r.Seq, data)
		if err != nil {
			rt.Fatal(err)
		}
		if fmt.Sprint(r) != fmt.Sprint(got) {
			rt.Fatalf("%v came back as %v", r, got)
		}
		if _, err := decodeRecord(r.Seq+1, data); !errors.Is(err, ErrCorrupt) {
			rt.Fatal("a row in the wrong place is not noticed")
		}
		i := rapid.IntRange(0, len(data)*8-1).Draw(rt, "bit")
		data[i/8] ^= 1 << (i % 8)
		if _, err := decodeRecord(r.Seq, data); !errors.Is(err, ErrCorrupt) {
			rt.Fatalf("a flipped bit %d is not noticed", i)
		}
	})
}

// TestE6SecondWriter: one writer, and the other is told who it is.
func TestE6SecondWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir, Options{})
	_, err := Open(dir, Options{LockWait: time.Nanosecond})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() || locked.Dir != dir {
		t.Fatalf("%v", err)
	}
}

// TestE6DamagedFiles: a clear error and an untouched file, never a silent reset.
func TestE6DamagedFiles(t *testing.T) {
	t.Parallel()
	pragma := func(text string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			if err == nil {
				_, err = db.Exec(text)
			}
			if err = errors.Join(err, db.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	overwrite := func(data string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		damage func(*testing.T, string)
		want   error
	}{
		"empty":       {overwrite(""), ErrCorrupt},
		"text":        {overwrite("this is no database, it is a text of more than a hundred characters, so that it can be taken for a header by mistake"), ErrCorrupt},
		"newer":       {pragma("PRAGMA user_version = 99"), ErrNewer},
		"older":       {pragma("PRAGMA user_version = 0"), ErrOlder},
		"foreign":     {pragma("PRAGMA application_id = 1"), ErrForeign},
		"no table":    {pragma("DROP TABLE rows"), ErrCorrupt},
		"flipped row": {pragma("UPDATE rows SET rec = CAST(replace(CAST(rec AS TEXT), '\"a\"', '\"b\"') AS BLOB) WHERE seq = 1"), ErrCorrupt},
		"moved row":   {pragma("UPDATE rows SET seq = 77 WHERE seq = 1"), ErrCorrupt},
		"cut": {func(t *testing.T, path string) {
			if err := os.Truncate(path, 5000); err != nil {
				t.Fatal(err)
			}
		}, ErrCorrupt},
		"folder": {func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
		}, ErrForeign},
		"log without file": {func(t *testing.T, path string) {
			if err := os.Rename(path, path+"-wal"); err != nil {
				t.Fatal(err)
			}
		}, ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := open(t, dir, Options{})
			if err := s.Append(Change{Record: record(1, "a")}).Wait(); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, fileName)
			test.damage(t, path)
			before, _ := os.ReadFile(path) // a folder cannot be read
			for range 2 {
				s, err := Open(dir, Options{})
				if err == nil {
					err = s.Load(func(Record) error { return nil })
					if closed := s.Close(); closed != nil && !errors.Is(err, test.want) {
						t.Error(closed)
					}
				}
				if !errors.Is(err, test.want) {
					t.Fatalf("%v, want %v", err, test.want)
				}
			}
			if after, _ := os.ReadFile(path); !cmp.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// TestE3FailedWrite: nobody is told that it worked, what was queued behind is lost too, and from then on there are
// no writes.
func TestE3FailedWrite(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is full")
	fail := false
	failed := make(chan error, 1)
	dir := t.TempDir()
	var s *Store
	s = open(t, dir, Options{
		Sync: func(commit func() error) error {
			if fail {
				return broken
			}
			return commit()
		},
		Failed: func(err error) { failed <- err; s.Settle() },
	})
	if err := s.Append(Change{Record: record(1, "a")}).Wait(); err != nil {
		t.Fatal(err)
	}
	fail = true
	if err := s.Append(Change{Record: record(2, "b")}).Wait(); !errors.Is(err, ErrReadOnly) {
		t.Fatalf("%v", err)
	}
	if err := <-failed; !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if err := s.Append(Change{Record: record(3, "c")}).Wait(); !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v", err)
	}
	if err := s.Writable(); !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff([]Record{record(1, "a")}, all(t, s)); diff != "" {
		t.Error(diff)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	s = open(t, dir, Options{})
	if err := s.Append(Change{Record: record(2, "b")}).Wait(); err != nil {
		t.Errorf("after it was reopened: %v", err)
	}
}

// TestGroupCommit: what arrives during a commit goes into the next one, all of it.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	started, release := make(chan struct{}, 1), make(chan struct{})
	commits := 0
	s := open(t, t.TempDir(), Options{Sync: func(commit func() error) error {
		commits++
		if commits == 1 {
			started <- struct{}{}
			<-release
		}
		return commit()
	}})
	first := s.Append(Change{Record: record(1, "a")})
	<-started
	var rest []Ticket
	for i := range 100 {
		rest = append(rest, s.Append(Change{Record: record(uint64(i+2), "b")}))
	}
	close(release)
	for _, ticket := range append(rest, first, s.Current()) {
		if err := ticket.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if commits != 2 {
		t.Errorf("%d commits, want 2", commits)
	}
	if err := s.Append(Change{Record: record(500, "x")}).Wait(); !errors.Is(err, ErrClosed) {
		t.Errorf("%v", err)
	}
}
