//go:build unix

package sink

import (
	"os/exec"
	"syscall"
)

// apart keeps the Ctrl-C of a terminal from the command: what has begun to store a token ends it.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
