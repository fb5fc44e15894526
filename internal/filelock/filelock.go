// Package filelock locks open files between processes. The operating system lets go of a lock when its
// process dies, so a dead holder's lock never sticks.
package filelock

import (
	"context"
	"errors"
	"os"
	"time"
)

// ErrLocked means that another process holds the lock.
var ErrLocked = errors.New("locked by another process")

// poll is how often a held lock is tried again.
const poll = 10 * time.Millisecond

// Lock waits for the lock of f until ctx ends; the error is then ErrLocked. Closing f unlocks.
func Lock(ctx context.Context, f *os.File) error {
	for {
		err := TryLock(f)
		if !errors.Is(err, ErrLocked) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(poll):
		}
	}
}
