package app

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"

	"github.com/cli/browser"
)

// ErrNoBrowser says that nothing here can show a page.
var ErrNoBrowser = errors.New("no browser can be started here")

// CanBrowse reports whether a browser would be seen by the person at the terminal. Over a connection to another machine
// it would not, and one that takes over the terminal is worse than none.
func (a *App) CanBrowse() bool {
	if !a.IO.CanPrompt() || a.IO.CI {
		return false
	}
	if a.IO.Env("BROWSER") != "" {
		return true
	}
	switch runtime.GOOS {
	case "windows", "darwin":
		return a.IO.Env("SSH_CONNECTION") == ""
	}
	return a.IO.Env("DISPLAY") != "" || a.IO.Env("WAYLAND_DISPLAY") != "" || a.IO.Env("WSL_DISTRO_NAME") != ""
}

// Browse shows a page in the browser: the program that BROWSER names, else that of the desktop. It does not wait for
// the person to close it.
func (a *App) Browse(ctx context.Context, address string) error {
	if !a.CanBrowse() {
		return ErrNoBrowser
	}
	if words := strings.Fields(a.IO.Env("BROWSER")); len(words) > 0 {
		// The person's own environment names the person's own browser.
		cmd := exec.CommandContext(context.WithoutCancel(ctx), words[0], append(words[1:], address)...)
		detach(cmd) // it outlives this program and its terminal
		if err := cmd.Start(); err != nil {
			return err
		}
		go func() { _ = cmd.Wait() }() // so that no dead child is left behind while this program goes on
		return nil
	}
	browser.Stdout, browser.Stderr = a.IO.Err, a.IO.Err
	return browser.OpenURL(address)
}
