//go:build unix

package tokensink

import (
	"os"

	"golang.org/x/sys/unix"
)

// readerGone reports whether f is a pipe whose other end is closed, without writing to it.
func readerGone(f *os.File) bool {
	polled := []unix.PollFd{{Fd: int32(f.Fd()), Events: unix.POLLOUT}}
	n, err := unix.Poll(polled, 0)
	return err == nil && n > 0 && polled[0].Revents&(unix.POLLERR|unix.POLLNVAL) != 0
}
