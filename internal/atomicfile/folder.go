package atomicfile

import (
	"fmt"
	"os"
	"runtime"
)

// MkdirPrivate makes a folder and its missing parents, each readable by the user alone (0700, A6). A folder that
// exists and is open to others is closed to them; parents that exist stay as they are.
func MkdirPrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder %s: %w", dir, cause(err))
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("making the folder %s: %w", dir, cause(err))
	}
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(dir, info.Mode().Perm()&0o700); err != nil {
		return fmt.Errorf("closing the folder %s to others: %w", dir, cause(err))
	}
	return nil
}
