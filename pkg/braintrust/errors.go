package braintrust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// APIError is an answer of the API that says no.
type APIError struct {
	Method     string
	Path       string
	Status     int
	Message    string // the server's words, trimmed and capped
	RequestID  string
	RetryAfter time.Duration // what the server asked for, even if it is more than a Client waits
	// Attempts counts this answer and the earlier attempts of the call that may have been carried
	// out. A delete that is answered "does not exist" with more than one may have succeeded at first.
	Attempts int
}

// Error says what was called, the status, the server's words and the request id.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d", e.Method, e.Path, e.Status)
	if e.Message != "" {
		fmt.Fprintf(&b, " %s", e.Message)
	} else if text := http.StatusText(e.Status); text != "" {
		fmt.Fprintf(&b, " %s", strings.ToLower(text))
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request id %s)", e.RequestID)
	}
	return b.String()
}

// Hint says what usually helps; it is empty when nothing general can be said.
func (e *APIError) Hint() string {
	const settings = "https://www.braintrust.dev/app/~/configuration/org/"
	minting := e.Path == "/v1/service_token" && e.Method != http.MethodGet && e.Method != http.MethodDelete ||
		e.Path == membersPath && strings.Contains(strings.ToLower(e.Message), "token")
	switch {
	case e.Status == http.StatusForbidden && minting:
		return "minting a token needs a service token with organization-owner permissions; the first one is made in the web application: " +
			settings + "service-tokens"
	case e.Status == http.StatusUnauthorized:
		return "the key is wrong, expired or deleted, or belongs to another server; keys are listed at " + settings + "api-keys"
	case e.Status == http.StatusTooManyRequests && e.RetryAfter > 0:
		return fmt.Sprintf("the server asks to wait %s", e.RetryAfter.Round(time.Second))
	case e.Status == http.StatusTooManyRequests:
		return "the server is asked too often; wait, or send fewer requests at once"
	}
	return ""
}

// NetworkError says that no complete answer came. If MaybeSent is false, no attempt of the call can
// have been carried out.
type NetworkError struct {
	Op        string // method and path
	MaybeSent bool
	Err       error
}

// Error says what was called and what broke.
func (e *NetworkError) Error() string { return fmt.Sprintf("%s: %v", e.Op, e.Err) }

// Unwrap returns the cause.
func (e *NetworkError) Unwrap() error { return e.Err }

// Hint helps with certificates.
func (e *NetworkError) Hint() string {
	if isCertificate(e.Err) {
		return "the server's certificate is not accepted; for a private certificate authority, give the file of its certificate"
	}
	return ""
}

// RedirectError says that the server points elsewhere. Redirects are never followed: the key would
// go along.
type RedirectError struct {
	From     string // method and path
	Location string // where to; empty if the server did not say
}

// Error names the target.
func (e *RedirectError) Error() string {
	if e.Location == "" {
		return e.From + ": the server redirects without saying where; not followed"
	}
	return fmt.Sprintf("%s: the server redirects to %q; not followed, because the key would go along", e.From, e.Location)
}

// AnswerError says that the server accepted a request and answered with something that is not what
// the API answers: a page of HTML, wrong types, far too much.
type AnswerError struct {
	Method    string
	Path      string
	RequestID string
	Err       error
}

// Error says what was called and what is wrong with the answer.
func (e *AnswerError) Error() string {
	text := fmt.Sprintf("%s %s: %v", e.Method, e.Path, e.Err)
	if e.RequestID != "" {
		text += fmt.Sprintf(" (request id %s)", e.RequestID)
	}
	return text
}

// Unwrap returns the cause.
func (e *AnswerError) Unwrap() error { return e.Err }

// LostAnswerError says that a call which mints a secret may have been carried out, and that its answer,
// the only place where the secret is, did not arrive. It is never repeated: look for the tokens by
// name and delete them.
type LostAnswerError struct {
	Method string
	Path   string
	Tokens []string // the names of the tokens that may exist now
	Err    error    // why there is no answer
}

// Error names the tokens that may exist.
func (e *LostAnswerError) Error() string {
	return fmt.Sprintf("%s %s: the answer is lost, and with it the key of %s, which may exist now: %v",
		e.Method, e.Path, tokenNames(e.Tokens), e.Err)
}

// Unwrap returns the cause.
func (e *LostAnswerError) Unwrap() error { return e.Err }

func tokenNames(names []string) string {
	switch len(names) {
	case 0:
		return "a token"
	case 1:
		return fmt.Sprintf("token %q", names[0])
	}
	return fmt.Sprintf("tokens %q", names)
}

// isCertificate reports whether err is about the identity of the server: waiting does not help.
func isCertificate(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
		alert        tls.AlertError
	)
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) ||
		errors.As(err, &invalid) || errors.As(err, &record) || errors.As(err, &alert)
}

// neverConnected reports whether err says by its type that no connection came to be.
func neverConnected(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return isCertificate(err) || errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}
