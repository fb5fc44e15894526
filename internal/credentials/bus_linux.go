package credentials

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// busVariable is where a desktop session says how to reach its bus.
const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// available tells whether a session bus is there, without asking it. go-keyring's D-Bus library would start a daemon
// of its own where the address is missing (A11), or a program that the address names, so both are found out first.
func available(env func(string) string) error {
	addresses := env(busVariable)
	if addresses == "" {
		return errors.New("there is no session bus (" + busVariable + " is not set)")
	}
	for address := range strings.SplitSeq(addresses, ";") {
		if address == "" {
			continue
		}
		if err := usable(address); err != nil {
			return fmt.Errorf("the session bus: %w", err)
		}
	}
	return nil
}

// usable accepts sockets on this machine and nothing that starts a program (autolaunch:, unixexec:).
func usable(address string) error {
	values, isUnix := strings.CutPrefix(address, "unix:")
	if !isUnix {
		return errors.New("its address names no socket of this machine")
	}
	for pair := range strings.SplitSeq(values, ",") {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case "abstract":
			return nil // has no file; dialling fails at once when nobody listens
		case "path":
			path, err := url.PathUnescape(value)
			if err != nil {
				return errors.New("its address cannot be read")
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode()&os.ModeSocket == 0 {
				return errors.New("its socket is not there")
			}
			return nil
		}
	}
	return errors.New("its address names no socket")
}
