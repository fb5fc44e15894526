//go:build unix

package credentials

import "syscall"

// noFollow makes opening a link an error, and opening a FIFO not wait.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
