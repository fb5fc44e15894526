package sandbox

import (
	"net"
	"net/http"
	"strings"
)

// checkHost refuses requests whose Host header names something else than this server: what a browser sends that
// was led here by a name of somebody else's (DNS rebinding).
func checkHost(next http.Handler, addr net.Addr, listen string) http.Handler {
	local := isLoopback(addr)
	chosen, _, err := net.SplitHostPort(listen)
	if err != nil {
		chosen = ""
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostName(r.Host)
		if isLoopbackName(host) || !local && (privateName(host) || host == hostName(chosen)) {
			next.ServeHTTP(w, r)
			return
		}
		plainError(w, http.StatusForbidden, "The Host header does not name this sandbox")
	})
}

// hostName is the name part of host:port, in one spelling.
func hostName(hostPort string) string {
	host := hostPort
	if h, _, err := net.SplitHostPort(hostPort); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// privateName reports names that nobody can register: addresses, single words as container networks use them, and
// the reserved top-level domains.
func privateName(host string) bool {
	if net.ParseIP(host) != nil {
		return true
	}
	if host == "" {
		return false
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch last {
	case host, "localhost", "local", "internal", "test", "lan":
		return true
	}
	return false
}

// cameFromOutside reports whether a request arrived on an address that others can reach.
func cameFromOutside(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && !isLoopback(addr)
}
