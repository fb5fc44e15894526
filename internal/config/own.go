package config

import (
	"fmt"
	"path/filepath"

	"btadmin/internal/atomicfile"
	"btadmin/internal/exit"
)

// OwnFile reads a small file in the configuration folder, and says where it is. It has the rules of the configuration
// itself: never from the working directory, no file that others may write. One that is not there is nil, and so is
// one for which there is no folder. Errors have exit code 4.
func (s *Settings) OwnFile(name string) (path string, data []byte, err error) {
	folder, err := s.ConfigDir()
	if err != nil {
		return "", nil, nil //nolint:nilerr // reading needs no folder; writing says what is missing
	}
	path = filepath.Join(folder, name)
	data, err = readFile(path)
	switch {
	case notThere(err):
		return path, nil, nil
	case err != nil:
		return path, nil, exit.New(exit.BadInput, fmt.Errorf("reading %s: %w", path, err))
	}
	return path, data, nil
}

// WriteOwnFile writes a file in the configuration folder whole or not at all, for this user alone, and says where.
func (s *Settings) WriteOwnFile(name string, data []byte) (path string, err error) {
	folder, err := s.MakeConfigDir()
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, name)
	if err := atomicfile.Write(path, data, 0o600, true); err != nil {
		return path, fmt.Errorf("writing %s: %w", path, err)
	}
	return path, nil
}
