package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"btadmin/internal/exit"
)

const (
	fileName = "config.yaml"
	maxFile  = 256 << 10 // bytes; hundreds of profiles fit
)

// read returns the configuration file, an empty one when there is none or no folder for it (A5). Errors that match
// fs.ErrPermission mean that it is there and closed to this user.
func (d dirs) read() (*document, error) {
	folder, err := d.config.path()
	if err != nil {
		return newDocument(), nil //nolint:nilerr // reading needs no folder; saving says what is missing
	}
	path := filepath.Join(folder, fileName)
	data, err := readFile(path)
	switch {
	case notThere(err):
		return newDocument(), nil
	case err != nil:
		return nil, exit.New(exit.BadInput, fmt.Errorf("reading the configuration: %w", err))
	}
	return parse(path, data)
}

// notThere also holds when a part of the path is no folder: then there is no configuration either.
func notThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || isNotDir(err)
}

// readFile reads a small regular file; a FIFO would wait for ever.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	if othersMayWrite(uint32(info.Mode().Perm())) {
		return nil, fmt.Errorf("%s can be changed by everybody: close it with chmod 600", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, maxFile)
	}
	return data, nil
}
