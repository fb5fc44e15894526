//go:build unix

package app

import (
	"os/exec"
	"syscall"
)

// detach gives a program a session of its own, so that it is not ended with this terminal.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
