//go:build !linux

package credentials

// available says that the keyring may be asked: macOS and Windows always have one, and no bus to start.
func available(func(string) string) error { return nil }
