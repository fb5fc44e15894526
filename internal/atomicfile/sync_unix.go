//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"syscall"
)

// notSupported reports whether a file system cannot link at all (FAT, some network mounts).
func notSupported(err error) bool {
	return errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.EOPNOTSUPP) ||
		errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.EMLINK)
}

// syncFolder makes the new name durable. File systems that cannot sync a folder say EINVAL; there is nothing to do then.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return nil // a folder may be writable and not readable; the file itself is in place
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}
