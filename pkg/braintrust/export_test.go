package braintrust

import (
	"context"
	"net"
	"net/http"
	"time"
)

// What black-box tests need to see.

// RetryAfter reads a header.
func RetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	return retryAfter(header, now)
}

// Message reads the words of an error's body.
func Message(contentType string, body []byte) string { return message(contentType, body) }

// LoopbackDial wraps a dial function as NewTransport does.
func LoopbackDial(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return loopbackDialer{dial: dial}.dialContext
}

// Repeatability names the row of the table that a call falls under.
func Repeatability(method, path, body string) string {
	return [...]string{"unsent", "refused", "always", "never"}[repeatability(method, path, []byte(body))]
}
