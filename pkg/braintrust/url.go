package braintrust

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// URLError says why a URL is not used. URL is safe to show: user and password are cut out.
type URLError struct {
	URL    string
	Reason string
}

// Error names the URL and the reason.
func (e *URLError) Error() string { return fmt.Sprintf("API URL %q is refused: %s", e.URL, e.Reason) }

// CheckURL parses the root URL of an API or web application and refuses what could send a key in the
// clear or to a surprising place: plain http to anything but a literal loopback address or
// "localhost", a user name, a query, a fragment, a host that is not plain ASCII. It resolves no name.
// The result has no trailing slash. Errors are of type *URLError.
func CheckURL(raw string) (*url.URL, error) {
	refuse := func(reason string) (*url.URL, error) {
		return nil, &URLError{URL: withoutUser(raw), Reason: reason}
	}
	if raw == "" {
		return refuse("it is empty")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return refuse("it holds characters other than printable ASCII (an international host name is written in its xn-- form)")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return refuse("it is not a URL") // url.Parse would repeat a password
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	host := u.Hostname()
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return refuse("it must begin with https://")
	case u.User != nil || strings.Contains(raw, "@"):
		return refuse("it holds a user name or password")
	case u.Opaque != "" || host == "":
		return refuse("it has no host")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return refuse("it has a query or fragment")
	case strings.ContainsAny(host, "%\\"):
		return refuse("its host is not a plain name or address")
	case !validPort(u):
		return refuse("its port is not a number from 1 to 65535")
	case u.Scheme == "http" && !isLoopback(host):
		return refuse("plain http would show the key to the network; only https is used beyond this machine")
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == ".." || segment == "." {
			return refuse("its path holds dots")
		}
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

// isLoopback reports whether host is "localhost", which the transport dials on loopback only, or a
// literal loopback address. Nothing is looked up, so a name that merely resolves there is not.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Zone() == "" && addr.Unmap().IsLoopback()
}

func validPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

// withoutUser cuts everything that could be a user name or password, also from text that is no URL.
func withoutUser(raw string) string {
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		return raw
	}
	if scheme, _, found := strings.Cut(raw[:at], "://"); found {
		return scheme + "://..." + raw[at:]
	}
	return "..." + raw[at:]
}
