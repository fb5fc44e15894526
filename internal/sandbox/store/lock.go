package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"btadmin/internal/filelock"
)

// LockedError says that another process has the store.
type LockedError struct {
	Dir string
	PID int // 0 when the holder could not be read
}

// Error names the folder and the holder.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("the sandbox in %s is in use by another process", e.Dir)
	}
	return fmt.Sprintf("the sandbox in %s is in use by process %d", e.Dir, e.PID)
}

const (
	lockName    = "sandbox.lock"
	defaultWait = 5 * time.Second
)

type dirLock struct{ file *os.File }

// acquire takes the folder's lock, waiting for holders that live for one command only: the commands of
// a shell pipe all start at once. The operating system lets go of it when a process dies.
func acquire(dir string, wait time.Duration) (*dirLock, error) {
	if wait == 0 {
		wait = defaultWait
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the sandbox: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	if err := filelock.Lock(ctx, f); err != nil {
		pid := holder(f)
		_ = f.Close()
		if errors.Is(err, filelock.ErrLocked) {
			return nil, &LockedError{Dir: dir, PID: pid}
		}
		return nil, fmt.Errorf("locking the sandbox: %w", err)
	}
	// The number is for the other process's message only, so failing to write it is no reason to stop.
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return &dirLock{file: f}, nil
}

func holder(f *os.File) int {
	data, err := io.ReadAll(io.NewSectionReader(f, 0, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return 0
	}
	return pid
}

func (l *dirLock) release() error {
	_ = l.file.Truncate(0)
	return l.file.Close() // closing unlocks
}
