package journal

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"btadmin/internal/atomicfile"
	"btadmin/internal/filelock"
)

const (
	fileFormat = "journal-%04d.ndjson"
	fullSize   = 32 << 20 // a file this long is followed by the next
	lockWait   = 10 * time.Second
	tailSize   = 64 << 10 // read first when the last entry is looked for
	maxLine    = 64 << 20
)

// Journal appends to the newest file of one folder. It is safe for use by several processes.
type Journal struct {
	// Redact removes secrets from the text of entries before they are written; nil changes nothing.
	Redact func(string) string

	dir  string
	lock *os.File // the oldest file: whoever appends to the newest holds its lock
	file *os.File // the newest when it was looked for
	head string
	size int64 // of file after the last Append, -1 when unknown
	full int64 // a file this long is followed by the next
}

// Folder is where the journal of an organization lives below the state folder.
func Folder(state, host, orgID string) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
				return r
			}
			return '_'
		}, s)
	}
	return filepath.Join(state, "journal", clean(host), clean(orgID))
}

// Open opens a folder for appending, and makes it and its first file when they are missing: the folder 0700,
// the file 0600.
func Open(dir string) (*Journal, error) {
	if err := atomicfile.MkdirPrivate(dir); err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	files, err := list(dir)
	if err != nil {
		return nil, err
	}
	oldest := filepath.Join(dir, fmt.Sprintf(fileFormat, 1))
	if len(files) > 0 {
		oldest = files[0]
	}
	lock, err := open(oldest)
	if err != nil {
		return nil, err
	}
	j := &Journal{dir: dir, lock: lock, full: fullSize}
	if err := j.follow(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

func open(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the journal: %w", err)
	}
	return file, nil
}

// follow opens the newest file, which another process may have begun in the meantime.
func (j *Journal) follow() error {
	files, err := list(j.dir)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("write the journal: its files are gone from %s", j.dir)
	}
	return j.turnTo(files[len(files)-1])
}

func (j *Journal) turnTo(path string) error {
	if j.file != nil && j.file.Name() == path {
		return nil
	}
	file, err := open(path)
	if err != nil {
		return err
	}
	if j.file != nil {
		_ = j.file.Close() // every entry in it is on disk
	}
	j.file, j.size = file, -1
	return nil
}

// rotate begins the next file when this one is full.
func (j *Journal) rotate() error {
	info, err := j.file.Stat()
	if err != nil || info.Size() < j.full {
		return err
	}
	number := 0
	if _, err := fmt.Sscanf(filepath.Base(j.file.Name()), fileFormat, &number); err != nil {
		return fmt.Errorf("the journal's file %s has an odd name", j.file.Name())
	}
	return j.turnTo(filepath.Join(j.dir, fmt.Sprintf(fileFormat, number+1)))
}

// Append seals an entry to the end of the chain and returns when it is on disk. The error is a *WriteError.
func (j *Journal) Append(e Entry) error { return j.AppendAll([]Entry{e})[0] }

// AppendAll seals entries to the end of the chain, in this order, and returns when all are on disk, which takes no
// longer than one. The errors are those of the entries, each nil or a *WriteError: either all are written or none
// is known to be.
func (j *Journal) AppendAll(entries []Entry) []error {
	errs, cleaned := make([]error, len(entries)), make([]Entry, len(entries))
	var err error
	for i, e := range entries {
		var bad error
		cleaned[i], bad = e.cleaned(j.Redact)
		err = errors.Join(err, bad)
	}
	if err == nil {
		err = j.append(cleaned)
	}
	if err != nil {
		for i, e := range cleaned {
			errs[i] = &WriteError{Entry: e, Err: err}
		}
	}
	return errs
}

func (j *Journal) append(entries []Entry) error {
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	if err := filelock.Lock(ctx, j.lock); err != nil {
		return fmt.Errorf("lock the journal %s: %w", j.lock.Name(), err)
	}
	defer func() { _ = filelock.Unlock(j.lock) }() // closing the file would unlock it as well
	if err := errors.Join(j.follow(), j.rotate()); err != nil {
		return err
	}
	hash, torn, err := j.last()
	if err != nil {
		return err
	}
	var lines bytes.Buffer
	if torn { // a crash left half a line, which stays: nothing is ever taken out
		lines.WriteByte('\n')
	}
	for _, e := range entries {
		var line []byte
		if line, hash, err = sealed(e, hash); err != nil {
			return fmt.Errorf("write the journal: %w", err)
		}
		lines.Write(append(line, '\n'))
	}
	j.size = -1 // until all of it is known to be there
	if _, err := j.file.Write(lines.Bytes()); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	j.head = hash
	if info, err := j.file.Stat(); err == nil {
		j.size = info.Size()
	}
	return nil
}

// Dir is the folder of the journal.
func (j *Journal) Dir() string { return j.dir }

// Head is the hash of the last entry that was appended.
func (j *Journal) Head() string { return j.head }

// Close closes the files.
func (j *Journal) Close() error {
	if j.file == nil {
		return j.lock.Close()
	}
	return errors.Join(j.file.Close(), j.lock.Close())
}

// last returns the hash of the last whole line, of the file before when this one is empty.
func (j *Journal) last() (hash string, torn bool, err error) {
	info, err := j.file.Stat()
	switch {
	case err != nil:
		return "", false, fmt.Errorf("read the journal: %w", err)
	case info.Size() == 0:
		return j.lastOfPrevious()
	case info.Size() == j.size:
		return j.head, false, nil // nobody else has written
	}
	for span := int64(tailSize); ; span *= 4 {
		from := max(info.Size()-span, 0)
		tail, err := io.ReadAll(io.NewSectionReader(j.file, from, info.Size()-from))
		if err != nil {
			return "", false, fmt.Errorf("read the journal: %w", err)
		}
		torn = tail[len(tail)-1] != '\n'
		lines := bytes.Split(bytes.TrimRight(tail, "\n"), []byte("\n"))
		for i := len(lines) - 1; i >= 0; i-- {
			var e Entry
			if json.Unmarshal(lines[i], &e) == nil && e.Hash != "" {
				return e.Hash, torn, nil
			}
		}
		if from == 0 {
			return "", torn, nil
		}
	}
}

func (j *Journal) lastOfPrevious() (string, bool, error) {
	files, err := list(j.dir)
	if err != nil || len(files) < 2 {
		return "", false, err
	}
	file, err := os.Open(files[len(files)-2])
	if err != nil {
		return "", false, fmt.Errorf("read the journal: %w", err)
	}
	defer file.Close()
	hash, _, err := (&Journal{dir: filepath.Join(j.dir, "none"), file: file}).last()
	return hash, false, err
}

func list(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "journal-*.ndjson"))
	if err != nil {
		return nil, fmt.Errorf("list the journal: %w", err)
	}
	return files, nil // sorted by Glob, numbered with leading zeros
}

// Read calls yield with every entry, oldest first. Damaged lines are passed with their error, a *TornError for half a line.
func Read(dir string, yield func(Entry, error) bool) error {
	files, err := list(dir)
	if err != nil {
		return err
	}
	for _, path := range files {
		more, err := readFile(path, yield)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

func readFile(path string, yield func(Entry, error) bool) (more bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("read the journal: %w", err)
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	open := false // the line at hand has no end
	scanner.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		n, line, err := bufio.ScanLines(data, atEOF)
		open = n == len(line)
		return n, line, err
	})
	for number := 1; scanner.Scan(); number++ {
		var e Entry
		err := json.Unmarshal(scanner.Bytes(), &e)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			err = &TornError{File: filepath.Base(path), Line: number, Open: open}
		case err != nil:
			err = fmt.Errorf("%s:%d: damaged line", filepath.Base(path), number)
		}
		if !yield(e, err) {
			return false, nil
		}
	}
	if err := scanner.Err(); err != nil {
		return false, fmt.Errorf("read %s: %w", path, err)
	}
	return true, nil
}
