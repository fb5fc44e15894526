//go:build unix

package atomicfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"btadmin/internal/atomicfile"
)

func TestB9FIFOAndDevice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fifo, os.DevNull} {
		for _, overwrite := range []bool{false, true} {
			if err := atomicfile.Write(path, []byte("x"), 0o600, overwrite); !errors.Is(err, atomicfile.ErrNotRegular) {
				t.Errorf("%s, overwrite %v: got %v", path, overwrite, err)
			}
		}
	}
	onlyThese(t, dir, "fifo")
}

// TestB9HardLink: overwriting gives the name to a new file; another name of the old one keeps its contents.
func TestB9HardLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	write(t, a, "old", 0o644)
	if err := os.Link(a, b); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(a, []byte("new"), 0o600, true); err != nil {
		t.Fatal(err)
	}
	if content(t, a) != "new" || content(t, b) != "old" {
		t.Errorf("got %q, %q", content(t, a), content(t, b))
	}
}

// TestB9FolderVanishes: the error comes through and nothing appears elsewhere.
func TestB9FolderVanishes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := atomicfile.Create(filepath.Join(dir, "token"), 0o600, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := p.Commit([]byte("new")); err == nil {
		t.Error("no error")
	}
}

func TestA6MkdirPrivate(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	if err := os.Chmod(top, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, "a", "b")
	if err := atomicfile.MkdirPrivate(dir); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{top: 0o755, filepath.Join(top, "a"): 0o700, dir: 0o700} {
		if got := mode(t, path).Perm(); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.MkdirPrivate(dir); err != nil || mode(t, dir).Perm() != 0o700 {
		t.Errorf("got %v, %v", err, mode(t, dir))
	}
	file := filepath.Join(top, "file")
	write(t, file, "", 0o600)
	for _, path := range []string{file, filepath.Join(file, "x")} {
		if err := atomicfile.MkdirPrivate(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

func TestA6UmaskCannotOpenTheFile(t *testing.T) { // not parallel: the umask belongs to the process
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	path := filepath.Join(t.TempDir(), "key")
	if err := atomicfile.Write(path, []byte("x"), 0o600, false); err != nil {
		t.Fatal(err)
	}
	if got := mode(t, path); got != 0o600 {
		t.Errorf("the mode is %v", got)
	}
}
