package atomicfile_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"btadmin/internal/atomicfile"
)

func write(t *testing.T, path, content string, perm fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), perm); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, perm); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onlyThese fails when the folder holds anything else, such as a forgotten temporary file.
func onlyThese(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func TestB9NewFile(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 4096, 4097, 1 << 20} {
		dir := t.TempDir()
		path := filepath.Join(dir, "token")
		data := bytes.Repeat([]byte("x"), size)
		if err := atomicfile.Write(path, data, 0o600, false); err != nil {
			t.Fatal(err)
		}
		if got := content(t, path); got != string(data) {
			t.Errorf("%d bytes became %d", size, len(got))
		}
		if runtime.GOOS != "windows" && mode(t, path) != 0o600 {
			t.Errorf("the mode is %v", mode(t, path))
		}
		onlyThese(t, dir, "token")
	}
}

func TestB9ExistingFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	write(t, path, "old", 0o644)
	err := atomicfile.Write(path, []byte("new"), 0o600, false)
	if !errors.Is(err, atomicfile.ErrExists) || !strings.Contains(err.Error(), path) || content(t, path) != "old" {
		t.Errorf("got %v, %q", err, content(t, path))
	}
	if err := atomicfile.Write(path, []byte("new"), 0o600, true); err != nil || content(t, path) != "new" {
		t.Errorf("got %v, %q", err, content(t, path))
	}
	if runtime.GOOS != "windows" && mode(t, path) != 0o600 {
		t.Errorf("A6: an open file stays open: %v", mode(t, path))
	}
	onlyThese(t, dir, "token")
}

func TestB9SymbolicLinks(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	target := filepath.Join(elsewhere, "target")
	write(t, target, "precious", 0o600)
	links := map[string]string{"link": target, "dangling": filepath.Join(elsewhere, "none"), "folder": elsewhere}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		for _, overwrite := range []bool{false, true} {
			err := atomicfile.Write(filepath.Join(dir, name), []byte("new"), 0o600, overwrite)
			if !errors.Is(err, atomicfile.ErrNotRegular) {
				t.Errorf("%s, overwrite %v: got %v", name, overwrite, err)
			}
		}
	}
	if content(t, target) != "precious" {
		t.Error("a link was followed")
	}
	onlyThese(t, elsewhere, "target")
	onlyThese(t, dir, "dangling", "folder", "link")
}

func TestB9FoldersAndBadPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "x", 0o600)
	for path, want := range map[string]string{
		"":                                  "the path is empty",
		".":                                 "not a regular file",
		"..":                                "not a regular file",
		filepath.Join(dir, "..", ".."):      "not a regular file",
		dir + "/../..":                      "not a regular file",
		dir:                                 "not a regular file",
		dir + "/":                           "not a regular file",
		dir + "/new/":                       "not a regular file",
		filepath.Join(dir, "none", "x"):     "the folder " + filepath.Join(dir, "none") + " does not exist",
		filepath.Join(dir, "file", "x"):     "not a directory",
		filepath.Join(dir, "nul\x00inside"): "invalid argument",
	} {
		for _, overwrite := range []bool{false, true} {
			if err := atomicfile.Write(path, []byte("new"), 0o600, overwrite); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: got %v, want %q", path, err, want)
			}
		}
	}
	onlyThese(t, dir, "file")
}

func TestG15CreateProvesThePath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	p, err := atomicfile.Create(path, 0o600, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the name is there before the data")
	}
	p.Discard()
	p.Discard()
	onlyThese(t, dir)
	if err := p.Commit([]byte("x")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
	onlyThese(t, dir)
}

func TestB9TargetAppearsMeanwhile(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(path string) error{
		"file": func(path string) error { return os.WriteFile(path, []byte("theirs"), 0o600) },
		"link": func(path string) error { return os.Symlink("elsewhere", path) },
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "token")
		p, err := atomicfile.Create(path, 0o600, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := make(path); err != nil {
			t.Fatal(err)
		}
		if err := p.Commit([]byte("ours")); err == nil {
			t.Errorf("%s: no error", name)
		}
		onlyThese(t, dir, "token")
	}
}

// TestB9OneWinner: of many writers of one new file exactly one succeeds, and its contents are whole.
func TestB9OneWinner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	var wins atomic.Int32
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			data := bytes.Repeat([]byte{byte('a' + i%26)}, 10_000)
			switch err := atomicfile.Write(path, data, 0o600, false); {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, atomicfile.ErrExists):
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	got := content(t, path)
	if wins.Load() != 1 || len(got) != 10_000 || strings.Trim(got, got[:1]) != "" {
		t.Errorf("%d winners, %d bytes", wins.Load(), len(got))
	}
	onlyThese(t, dir, "token")
}
