package output

import (
	"errors"

	"golang.org/x/sys/windows"
)

// brokenPipe knows what Windows says when the other end of a pipe is closed.
func brokenPipe(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
