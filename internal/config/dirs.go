package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"btadmin/internal/atomicfile"
)

// folder is the name of the program's folder below each of the user's.
const folder = "btadmin"

// DirError means that the user has no folder to keep something in.
type DirError struct {
	Purpose string // "configuration", "state" or "cache"
	Reason  string
	Env     string // the variable that would help
}

// Error says what is missing.
func (e *DirError) Error() string {
	return fmt.Sprintf("finding the %s folder: %s", e.Purpose, e.Reason)
}

// Hint names the variable to set.
func (e *DirError) Hint() string {
	return fmt.Sprintf("set HOME or %s to an absolute path that you can write to; a key in BRAINTRUST_API_KEY needs no folder", e.Env)
}

// dir is one folder of the user, or why there is none.
type dir struct {
	at   string
	home string // the folder that must exist before anything is made below it, "" when the user named the path
	err  *DirError
}

func (d dir) path() (string, error) {
	if d.err != nil {
		return "", d.err
	}
	return d.at, nil
}

// dirs are the folders of the user. All are absolute: neither the working directory nor /tmp stands in (A5).
type dirs struct {
	config, state, cache dir
}

func findDirs(env func(string) string) dirs {
	if runtime.GOOS == "windows" {
		return dirs{
			config: findDir(env, "configuration", "XDG_CONFIG_HOME", "APPDATA", ""),
			state:  findDir(env, "state", "XDG_STATE_HOME", "LOCALAPPDATA", ""),
			cache:  findDir(env, "cache", "XDG_CACHE_HOME", "LOCALAPPDATA", "cache"),
		}
	}
	return dirs{
		config: findDir(env, "configuration", "XDG_CONFIG_HOME", "HOME", ".config"),
		state:  findDir(env, "state", "XDG_STATE_HOME", "HOME", filepath.Join(".local", "state")),
		cache:  findDir(env, "cache", "XDG_CACHE_HOME", "HOME", ".cache"),
	}
}

// findDir takes the variable of the XDG specification, where a relative path counts as none, else a folder below home.
func findDir(env func(string) string, purpose, xdg, homeVar, below string) dir {
	if at := env(xdg); filepath.IsAbs(at) {
		return dir{at: filepath.Join(at, folder)}
	}
	home := env(homeVar)
	if filepath.IsAbs(home) {
		home = filepath.Clean(home)
		return dir{at: filepath.Join(home, below, folder), home: home}
	}
	reason := homeVar + " is not set"
	if home != "" {
		reason = homeVar + " is not an absolute path"
	}
	return dir{err: &DirError{Purpose: purpose, Reason: reason, Env: xdg}}
}

// make returns the folder after making it (0700). The user's home must exist: nobody else's tree is
// started. Errors carry a hint.
func (d dir) make(purpose, xdg string) (string, error) {
	at, err := d.path()
	if err != nil {
		return "", err
	}
	if d.home != "" {
		info, err := os.Stat(d.home)
		if err != nil || !info.IsDir() {
			return "", &DirError{Purpose: purpose, Reason: "the home folder " + d.home + " does not exist", Env: xdg}
		}
	}
	if err := atomicfile.MkdirPrivate(at); err != nil {
		return "", &DirError{Purpose: purpose, Reason: err.Error(), Env: xdg}
	}
	return at, nil
}

// MakeConfigDir makes the configuration folder (0700) and returns it. Errors are of type *DirError.
func (s *Settings) MakeConfigDir() (string, error) {
	return s.dirs.config.make("configuration", "XDG_CONFIG_HOME")
}

// unreadable reports whether a file is there and may not be read, as with somebody else's home.
func unreadable(err error) bool { return errors.Is(err, fs.ErrPermission) }
