package redact_test

import (
	"encoding/base64"
	stdjson "encoding/json"
	"net/url"
	"strings"
	"testing"

	"btadmin/internal/redact"
)

// FuzzC7Redact: whatever stands around a registered secret, it does not come through; the work is done after one
// pass; JSON stays JSON.
func FuzzC7Redact(f *testing.F) {
	const secret = "sk-CANARY-0123456789abcdef"
	for _, s := range []string{
		"", " ", `{"token":"`, `\`, `%`, `%25`, `\\\"key\\\":\\\"`, "Authorization: Bearer ", "Cookie: ", "sk-", "[redacted]",
		`"a\"key\":\"x\\"`, "\xff", "bearer [", "authorization=[", `{"key":["`,
	} {
		f.Add(s, "")
		f.Add(s, s)
	}
	r := redact.New()
	r.Add(secret)
	shapes := redact.New()
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 10_000 {
			return
		}
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret)} {
			got := r.String(before + form + after)
			if !strings.Contains(before, form) && !strings.Contains(after, form) && strings.Contains(got, form) {
				t.Errorf("%q is left in %q", form, got)
			}
		}
		once := shapes.String(before + after)
		if len(once) > 20*(len(before)+len(after)) {
			t.Errorf("%q grew to %q", before+after, once)
		}
		document, err := stdjson.Marshal(map[string]any{"key": before, "x": map[string]string{"body": after, "b": before + secret + after}})
		if err != nil {
			return
		}
		if got := r.String(string(document)); !stdjson.Valid([]byte(got)) {
			t.Errorf("%s became %s, which is no JSON", document, got)
		}
	})
}
