//go:build !linux

package credentials_test

const busNeeded = false
