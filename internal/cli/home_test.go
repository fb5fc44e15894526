package cli_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// shellHome is a home folder of somebody who has nothing but btadmin, jq and a POSIX shell.
type shellHome struct {
	home string
	path string // PATH
}

// newShellHome makes an empty one. What runs in it is this test binary, under the names that people type.
func newShellHome(t *testing.T) shellHome {
	t.Helper()
	dir := t.TempDir()
	bin, home := filepath.Join(dir, "bin"), filepath.Join(dir, "home")
	for _, folder := range []string{bin, home} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"btadmin": program, "jq": filterProgram} {
		path, err := exec.LookPath(target)
		if err != nil {
			t.Fatal(err)
		}
		// The program asks its first argument which one it is, so a link would have to keep its name.
		if err := os.Symlink(path, filepath.Join(bin, target)); err != nil {
			t.Fatal(err)
		}
		wrapper := "#!/bin/sh\nexec " + filepath.Join(bin, target) + " \"$@\"\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(wrapper), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return shellHome{home: home, path: bin + string(os.PathListSeparator) + os.Getenv("PATH")}
}

// run is `SHELL -eu -c SCRIPT`: it stops at the first command that fails. It returns what was printed.
func (s shellHome) run(t *testing.T, shell, script string, env ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, shell, "-eu", "-c", script)
	cmd.WaitDelay = time.Second
	cmd.Dir = s.home
	cmd.Env = append([]string{"HOME=" + s.home, "PATH=" + s.path, "CI=", "TERM=dumb"}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// copyTo makes a second home with the same contents.
func (s shellHome) copyTo(t *testing.T) shellHome {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if err := os.CopyFS(home, os.DirFS(s.home)); err != nil {
		t.Fatal(err)
	}
	// CopyFS widens modes; files with keys are refused when others may read them.
	err := filepath.WalkDir(home, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return os.Chmod(path, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return shellHome{home: home, path: s.path}
}
