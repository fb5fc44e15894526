package change

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"

	"btadmin/internal/filelock"
)

const (
	lockName = "run.lock" // beside the journal
	mostLock = 4096       // bytes of it that are read
)

// holder is what the lock's file says of the run that holds it. It stays there when its process dies, but the
// operating system lets go of the lock.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Run   string    `json:"run"`
	Since time.Time `json:"since"`
}

// lockRun takes the lock of the organization whose journal is in dir, for a long run. Two of them at once would
// each undo what the other one takes for given. It does not wait: the error is a *BusyError.
func lockRun(dir string, now time.Time, run string) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the organization: %w", err)
	}
	switch err := filelock.TryLock(file); {
	case errors.Is(err, filelock.ErrLocked):
		defer file.Close()
		return nil, busy(file)
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock the organization: %w", err), file.Close())
	}
	host, _ := os.Hostname() // only for people
	line, err := json.Marshal(holder{PID: os.Getpid(), Host: host, Run: run, Since: now.UTC()})
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = file.WriteAt(line, 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the organization: %w", err), file.Close())
	}
	return func() {
		_ = file.Truncate(0) // nobody holds it any more
		_ = file.Close()
	}, nil
}

// busy names the holder, as far as he has written down who he is.
func busy(file *os.File) *BusyError {
	text, _ := io.ReadAll(io.LimitReader(file, mostLock))
	var h holder
	if json.Unmarshal(text, &h) != nil {
		return &BusyError{}
	}
	return &BusyError{PID: h.PID, Host: h.Host, Run: h.Run, Since: h.Since}
}
