//go:build unix

package batch_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"btadmin/internal/batch"
)

// endless never ends, like a pipe from yes.
type endless struct{ text string }

func (e endless) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		n += copy(b[n:], e.text)
	}
	return n, nil
}

func TestC1EndlessInputIsRefused(t *testing.T) {
	t.Parallel()
	start := time.Now()
	for name, text := range map[string]string{"lines": "a@example.com\n", "brackets": "[", "zeros": "\x00"} {
		if _, err := batch.Open("-", endless{text}, batch.Options{Columns: []string{"email"}}); err == nil || !strings.Contains(err.Error(), "standard input: there are more than 33554432 bytes") {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := batch.IDs(endless{text}); err == nil || !strings.Contains(err.Error(), "bytes") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestC1DeepNesting(t *testing.T) {
	t.Parallel()
	for _, text := range []string{strings.Repeat("[", 200_000), `[{"email":` + strings.Repeat("[", 200_000), strings.Repeat(`{"a":`, 200_000)} {
		if _, err := batch.Read(strings.NewReader(text), "-", grants()); err == nil {
			t.Errorf("%.20s...: no error", text)
		}
		if _, err := batch.IDs(strings.NewReader(text)); err == nil {
			t.Errorf("%.20s...: no error", text)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	o := batch.Options{MaxBytes: 10, MaxRows: 2}
	for text, want := range map[string]string{"a\nb": "", "a\nb\nc": "more than 2 rows", "aaaaa\nbbbbb": "more than 10 bytes"} {
		_, err := batch.Read(strings.NewReader(text), "-", o)
		if (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestOpenFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(path("good.csv"), []byte("email\na\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path("huge"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path("huge"), 1<<40); err != nil { // sparse
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("fifo", path("link")); err != nil {
		t.Fatal(err)
	}
	d, err := batch.Open(path("good.csv"), nil, batch.Options{Columns: []string{"email"}})
	if err != nil || len(d.Rows) != 1 || d.Name != path("good.csv") {
		t.Errorf("got %+v, %v", d, err)
	}
	for name, want := range map[string]string{
		"":        "it is a folder",
		"none":    "no such file",
		"fifo":    "it is a named pipe",
		"link":    "it is a named pipe",
		"huge":    "more than 33554432 bytes",
		"good.cs": "no such file",
	} {
		_, err := batch.Open(path(name), nil, batch.Options{})
		var e *batch.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), path(name)) != 1 {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

// TestOpenShellPipe reads what a shell gives for <(command).
func TestOpenShellPipe(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		_, _ = w.WriteString("a\nb\n") // a failure shows as missing rows
		_ = w.Close()
	}()
	d, err := batch.Open(fmt.Sprintf("/dev/fd/%d", r.Fd()), nil, batch.Options{})
	if err != nil || len(d.Rows) != 2 {
		t.Errorf("got %+v, %v", d, err)
	}
}
