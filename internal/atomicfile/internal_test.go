//go:build unix

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestB9WithoutLinks is the way of file systems that can neither link nor rename without replacing.
func TestB9WithoutLinks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	p := &Pending{path: path, perm: 0o600}
	if err := p.writeNew([]byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := p.writeNew([]byte("second")); !errors.Is(err, ErrExists) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "first" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRenameNewNeverReplaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, path := range []string{a, b} {
		if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := renameNew(a, b); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(b); err != nil || string(got) != b {
		t.Errorf("got %q, %v", got, err)
	}
}
