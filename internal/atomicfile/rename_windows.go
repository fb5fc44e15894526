package atomicfile

import (
	"golang.org/x/sys/windows"
)

// renameNew renames a file unless the new name is taken: MoveFileEx without MOVEFILE_REPLACE_EXISTING.
func renameNew(from, to string) error {
	source, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	target, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	return windows.MoveFileEx(source, target, windows.MOVEFILE_WRITE_THROUGH)
}

// notSupported is never the case here: every file system can move.
func notSupported(error) bool { return false }

// syncFolder has no counterpart on Windows: MOVEFILE_WRITE_THROUGH and the file's own flush have to do.
func syncFolder(string) error { return nil }
