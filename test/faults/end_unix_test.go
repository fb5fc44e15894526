//go:build unix

package faults

import (
	"os"
	"syscall"
)

// codeOf is the exit code as a shell tells it.
func codeOf(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
