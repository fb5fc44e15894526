// Package atomicfile writes a file whole or not at all, never through a link, and never over something that the
// user did not agree to lose.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrExists means that the target exists and overwriting was not asked for.
var ErrExists = errors.New("it exists already")

// ErrNotRegular means that the target is a symbolic link, a directory, a FIFO or a device; it is never written.
var ErrNotRegular = errors.New("it is not a regular file")

// reserved is how many bytes Create already puts on the disk: more than any token needs.
const reserved = 4 << 10

// Write writes data to path: into a new file beside it (O_EXCL, permissions perm less the umask), through fsync,
// then under its name in one step. Without overwrite an existing file is ErrExists, also when it appears in the
// meantime. A link, folder, FIFO or device is ErrNotRegular, with overwrite too. The folder must exist.
func Write(path string, data []byte, perm fs.FileMode, overwrite bool) error {
	p, err := begin(path, perm, overwrite)
	if err != nil {
		return err
	}
	defer p.Discard()
	return p.Commit(data)
}

// Pending is a file that has a place on the disk but not its name yet.
type Pending struct {
	path      string
	file      *os.File // nil once it is committed or discarded
	perm      fs.FileMode
	overwrite bool
}

// Create proves that path can be written, before something irreversible makes the data (G15): it checks the
// target as Write does, makes the new file and takes 4 KiB of disk for it.
func Create(path string, perm fs.FileMode, overwrite bool) (*Pending, error) {
	p, err := begin(path, perm, overwrite)
	if err != nil {
		return nil, err
	}
	if err := p.reserve(); err != nil {
		p.Discard()
		return nil, fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return p, nil
}

// begin makes the new file, empty.
func begin(path string, perm fs.FileMode, overwrite bool) (*Pending, error) {
	if err := check(path, overwrite); err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	temporary := filepath.Join(filepath.Dir(path), ".btadmin-"+strings.ToLower(rand.Text())+".tmp")
	f, err := os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return &Pending{path: path, file: f, perm: perm, overwrite: overwrite}, nil
}

// Commit writes data and gives the file its name. After an error the target is as it was, unless the error is that
// the folder cannot be made durable.
func (p *Pending) Commit(data []byte) error {
	if p.file == nil {
		return fmt.Errorf("writing %s: %w", p.path, os.ErrClosed)
	}
	defer p.Discard()
	if err := p.publish(data); err != nil {
		return fmt.Errorf("writing %s: %w", p.path, cause(err))
	}
	return nil
}

// Discard removes what Create made; after Commit it does nothing.
func (p *Pending) Discard() {
	if p.file == nil {
		return
	}
	_ = p.file.Close() // fails when Commit has closed it
	_ = os.Remove(p.file.Name())
	p.file = nil
}

func (p *Pending) reserve() error {
	if _, err := p.file.Write(make([]byte, reserved)); err != nil {
		return err
	}
	return p.file.Sync()
}

func (p *Pending) publish(data []byte) error {
	if _, err := p.file.WriteAt(data, 0); err != nil {
		return err
	}
	if err := p.file.Truncate(int64(len(data))); err != nil {
		return err
	}
	if err := p.file.Sync(); err != nil {
		return err
	}
	if err := p.file.Close(); err != nil {
		return err
	}
	if err := check(p.path, p.overwrite); err != nil { // it may have changed since Create
		return err
	}
	if err := p.name(data); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(p.path))
}

// name gives the finished file its name: in one step over an existing file, or only if there is none.
func (p *Pending) name(data []byte) error {
	if p.overwrite {
		return os.Rename(p.file.Name(), p.path)
	}
	err := renameNew(p.file.Name(), p.path)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return ErrExists
	case !notSupported(err):
		return err
	}
	return p.writeNew(data)
}

// writeNew is for file systems that can neither link nor rename without replacing: the name is taken with O_EXCL
// first. A crash then leaves a part, but never somebody else's file changed.
func (p *Pending) writeNew(data []byte) (err error) {
	f, err := os.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, p.perm)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			_ = os.Remove(p.path)
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// check judges the target without following a link.
func check(path string, overwrite bool) error {
	if path == "" {
		return errors.New("the path is empty")
	}
	if os.IsPathSeparator(path[len(path)-1]) {
		return ErrNotRegular
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return checkFolder(filepath.Dir(path))
	case err != nil:
		return cause(err)
	case !info.Mode().IsRegular():
		return ErrNotRegular
	case !overwrite:
		return ErrExists
	}
	return nil
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s does not exist", dir)
	case err != nil:
		return cause(err)
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	}
	return nil
}

// cause takes the path off an error of package os, because the message names the target already.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	if le, ok := errors.AsType[*os.LinkError](err); ok {
		return le.Err
	}
	return err
}
