package braintrust_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"btadmin/pkg/braintrust"
)

// FuzzC7_Decoders gives one body to every decoder, as a list, as an object and as an error.
func FuzzC7_Decoders(f *testing.F) {
	for _, body := range []string{
		`{"objects":[{"id":"a","member_users":["b"]}]}`, `{"objects":null}`, `[{"id":"a"}]`, `{"id":"a","key":"k"}`,
		`{"id":"a","created":"2026-07-01T12:00:00Z","member_permissions":[{"permission":"fly"}]}`,
		`{"error":{"message":"no"}}`, `{"org_info":[{"id":"a"}]}`, `<html><title>x</title>`, "\xff\xfe", ``, `null`,
		`{"status":"success","added_users":[{"id":"a","api_key":"k"}]}`, `{"added_acls":[],"removed_acls":[{}]}`,
	} {
		f.Add(200, body)
		f.Add(400, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		n := 0
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			if n++; n > 1 && r.Method == http.MethodGet {
				return answerTo(r, 200, `{"objects":[]}`), nil
			}
			return answerTo(r, status, body), nil
		})
		c := client(t, "https://api.example.com", func(config *braintrust.Config) { config.Transport = transport })
		for _, calls := range [][]call{lists(), writes(), gets()} {
			for _, call := range calls {
				n = 0
				err := call.do(t.Context(), c)
				if err != nil && !strings.Contains(err.Error(), "/v1/") {
					t.Errorf("%s: the error names no endpoint: %v", call.name, err)
				}
			}
		}
		n = 0
		if id, known, err := c.Ping(t.Context()); known != (id != "") || known && err != nil {
			t.Errorf("ping: %q, %t, %v", id, known, err)
		}
		_, _ = c.Login(t.Context(), "https://www.example.com")
	})
}

// FuzzC7_RetryAfter: a wait is never negative, and a reading is the same twice.
func FuzzC7_RetryAfter(f *testing.F) {
	for _, value := range []string{
		"", "0", "7", "-7", "+7", "1.5", "99999999999999999999", "9223372036854775807", "soon", "\x00", " 3 ",
		"Wed, 01 Jul 2026 12:00:09 GMT", "Wed, 01 Jul 1026 12:00:09 GMT", "Wednesday, 01-Jul-26 12:00:09 GMT",
	} {
		f.Add(value, "")
		f.Add(value, "Wed, 01 Jul 2026 12:00:00 GMT")
	}
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value, date string) {
		header := http.Header{"Retry-After": {value}, "Date": {date}}
		wait, ok := braintrust.RetryAfter(header, now)
		if wait < 0 || !ok && wait != 0 {
			t.Errorf("%q: %s, %t", value, wait, ok)
		}
		if again, _ := braintrust.RetryAfter(header, now); again != wait {
			t.Errorf("%q: %s, then %s", value, wait, again)
		}
	})
}

// FuzzC7_Message: the words of an error are short and valid, whatever the server writes.
func FuzzC7_Message(f *testing.F) {
	for _, body := range []string{`{"error":"no"}`, `[[["x"]]]`, `<title>x</title>`, "\xff", `"\ud800"`, strings.Repeat("é", 700)} {
		f.Add("application/json", body)
		f.Add("text/html", body)
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		got := braintrust.Message(contentType, []byte(body))
		if len(got) > 1300 || !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n\t") {
			t.Errorf("%d bytes: %q", len(got), got)
		}
	})
}

// FuzzC7_CheckURL: what passes cannot send a key in the clear to another machine.
func FuzzC7_CheckURL(f *testing.F) {
	for _, raw := range []string{
		"https://api.example.com/x", "http://127.0.0.1:8000", "http://localhost", "http://[::1]", "http://10.0.0.5",
		"http://localhost@evil.test", "http://localhost.evil.test", "http://127.0.0.1#@evil.test", "http://localhost:80:80",
		"http://127.0.0.1\\@evil.test", "http:/\\localhost", "HTTP://LOCALHOST/..",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := braintrust.CheckURL(raw)
		if err != nil {
			return
		}
		host := u.Hostname()
		local := host == "localhost" || strings.HasPrefix(host, "127.") || strings.Contains(host, ":")
		if u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !local) {
			t.Errorf("%q passes as %s", raw, u)
		}
		again, err := braintrust.CheckURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("%q is normalised to %s, and that to %v, %v", raw, u, again, err)
		}
	})
}
