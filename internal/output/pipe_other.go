//go:build !windows

package output

// brokenPipe has nothing to add to EPIPE on this system.
func brokenPipe(error) bool { return false }
