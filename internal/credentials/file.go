package credentials

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"btadmin/internal/atomicfile"
	"btadmin/pkg/braintrust"
)

// keyFolder is below the configuration folder; it holds one file for each profile that was saved with
// --insecure-storage.
const keyFolder = "keys"

// FileError means that a key file could not be used. Exit code 2.
type FileError struct {
	Op, Profile string
	Err         error
	Advice      string
}

// Error says what was being done.
func (e *FileError) Error() string {
	return fmt.Sprintf("%s the key file of profile %s: %v", e.Op, e.Profile, e.Err)
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *FileError) Hint() string { return e.Advice }

// keyPath is the file of a profile. The prefix keeps names such as "con" from being devices on Windows.
func keyPath(configDir, profile string) string {
	return filepath.Join(configDir, keyFolder, "profile-"+profile+".key")
}

// saveFile writes a key that only the user can read: a new file (0600, O_EXCL) in a 0700 folder, named in one step.
func saveFile(configDir, profile string, key braintrust.Secret) error {
	path := keyPath(configDir, profile)
	err := atomicfile.MkdirPrivate(filepath.Dir(path))
	if err == nil {
		err = atomicfile.Write(path, []byte(key.Reveal()+"\n"), 0o600, true)
	}
	if err != nil {
		return &FileError{Op: opSave, Profile: profile, Err: err, Advice: "check that you can write to " + configDir}
	}
	return nil
}

// readKeyFile reads a key and refuses a file that others could have read or put there (A6).
func readKeyFile(configDir, profile string) (string, error) {
	path := keyPath(configDir, profile)
	fail := func(err error, advice string) (string, error) {
		return "", &FileError{Op: opRead, Profile: profile, Err: err, Advice: advice}
	}
	f, err := openFile(path)
	if err != nil {
		return fail(err, fmt.Sprintf("log in again: btadmin auth login --profile %s --insecure-storage", profile))
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return fail(err, "")
	case !info.Mode().IsRegular():
		return fail(fmt.Errorf("%s: %w", path, atomicfile.ErrNotRegular), "")
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return fail(fmt.Errorf("%s is open to others (mode %04o), so the key is not used", path, info.Mode().Perm()),
			fmt.Sprintf("replace the key, because others may have read it, and close the file: chmod 600 %s", path))
	}
	data, err := io.ReadAll(io.LimitReader(f, maxKey+2))
	if err != nil {
		return fail(err, "")
	}
	return string(data), nil
}

// openFile opens a regular file and never waits for one that is none, nor follows a link.
func openFile(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, atomicfile.ErrNotRegular)
	}
	return os.OpenFile(path, os.O_RDONLY|noFollow, 0)
}

// deleteFile is done when nothing is there any more.
func deleteFile(configDir, profile string) error {
	err := os.Remove(keyPath(configDir, profile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &FileError{Op: opDelete, Profile: profile, Err: err, Advice: "delete that file yourself: it holds a key"}
	}
	return nil
}
