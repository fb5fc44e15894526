//go:build !linux

package auth_test

const busNeeded = false
