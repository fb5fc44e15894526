package credentials

import (
	"net/netip"
	"net/url"
	"strings"

	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// CheckServer refuses, before anything is sent, a sandbox key for a server that is neither embedded nor on this
// machine (E8). Exit code 2.
func CheckServer(key braintrust.Secret, baseURL string) error {
	kind := KindOf(key)
	if !kind.Sandbox() || onThisMachine(baseURL) {
		return nil
	}
	return exit.Newf(exit.Auth, "the %s is refused: it is of no use to %s, and was not sent", kind, baseURL).
		WithHint("log in with a key of that server: btadmin auth login; or name the sandbox: --sandbox, or --api-url with its address")
}

// CheckEmbedded is the reverse of CheckServer: the embedded organization is not given a key of another server (E8).
// Exit code 2.
func CheckEmbedded(key braintrust.Secret) error {
	kind := KindOf(key)
	if kind.Sandbox() {
		return nil
	}
	return exit.Newf(exit.Auth, "the %s is refused: the embedded organization takes only its own keys", kind).
		WithHint("leave --sandbox out to use your own key")
}

// onThisMachine reports whether a URL names a literal loopback address or localhost. Nothing is looked up.
func onThisMachine(baseURL string) bool {
	u, err := url.Parse(baseURL)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
