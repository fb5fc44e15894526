package credentials_test

import (
	"strings"
	"testing"

	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// canary is a recognisable key; no error may show it.
const canary = "sk-CANARYCANARYCANARYCANARYCANARY1234"

func TestParseKey_A12(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, raw, reason string }{
		{"plain", canary, ""},
		{"one newline", canary + "\n", ""},
		{"service token", "bt-st-abc", ""},
		{"empty", "", "empty"},
		{"only a newline", "\n", "empty"},
		{"two newlines", canary + "\n\n", "more than one line"},
		{"two lines", canary + "\n" + canary, "more than one line"},
		{"carriage return", canary + "\r", "carriage return"},
		{"line end of Windows", canary + "\r\n", "carriage return"},
		{"NUL", canary + "\x00", "NUL"},
		{"NUL inside", "sk-\x00" + canary, "NUL"},
		{"inner blank", "sk- " + canary, "blank"},
		{"leading blank", " " + canary, "blank"},
		{"trailing blank", canary + " ", "blank"},
		{"tab", canary + "\t", "blank"},
		{"byte order mark", "\ufeff" + canary, "byte order mark"},
		{"UTF-16", "\xff\xfes\x00k\x00-\x00", "byte order mark"},
		{"inner byte order mark", "sk-\ufeff" + canary, "not ASCII"},
		{"no-break space", canary + "\u00a0", "not ASCII"},
		{"letters of another alphabet", "ѕk-" + canary, "not ASCII"},
		{"invalid UTF-8", canary + "\x80", "not ASCII"},
		{"escape", canary + "\x1b[A", "control character"},
		{"delete", canary + "\x7f", "control character"},
		{"header", canary + "\r\nX-Evil: 1", "carriage return"},
		{"endless", strings.Repeat("a", 5000), "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			key, err := credentials.ParseKey(tt.raw)
			if tt.reason == "" {
				if err != nil || key.Reveal() != strings.TrimSuffix(tt.raw, "\n") {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.reason) || !key.IsZero() {
				t.Fatalf("%v, want %q", err, tt.reason)
			}
			if strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the key is in the error: %v", err)
			}
			if codeOf(err) != exit.BadInput {
				t.Errorf("exit code %d", codeOf(err))
			}
		})
	}
}

func FuzzParseKey_A12(f *testing.F) {
	for _, seed := range []string{canary, canary + "\n", "", "\n\n", "a b", "\ufeffa", "a\r\n", "a\x00", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		key, err := credentials.ParseKey(raw)
		if err != nil {
			if !key.IsZero() {
				t.Error("an error and a key")
			}
			if len(raw) >= 30 && strings.Contains(err.Error(), raw) {
				t.Error("the error repeats its input")
			}
			return
		}
		for i := range len(key.Reveal()) {
			if c := key.Reveal()[i]; c <= ' ' || c > '~' {
				t.Fatalf("byte %d of an accepted key is %#x", i, c)
			}
		}
		if raw != key.Reveal() && raw != key.Reveal()+"\n" {
			t.Error("more than one newline was cut")
		}
	})
}

func TestKindAndMasked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key    string
		kind   credentials.Kind
		masked string
	}{
		{canary, credentials.KindUser, "sk-...1234"},
		{"bt-st-0123456789abcdefwxyz", credentials.KindService, "bt-st-...wxyz"},
		{"sk-sandbox-0123456789abcdefwxyz", credentials.KindSandboxUser, "sk-sandbox-...wxyz"},
		{"bt-st-sandbox-0123456789abcdefwxyz", credentials.KindSandboxToken, "bt-st-sandbox-...wxyz"},
		{"0123456789abcdefwxyz", credentials.KindUnknown, "...wxyz"},
		{"sk-short", credentials.KindUser, "sk-..."},
		{"", credentials.KindUnknown, "..."},
	}
	for _, tt := range tests {
		key := braintrust.NewSecret(tt.key)
		if got := credentials.KindOf(key); got != tt.kind {
			t.Errorf("KindOf(%q) = %q, want %q", tt.key, string(got), string(tt.kind))
		}
		if got := credentials.Masked(key); got != tt.masked {
			t.Errorf("Masked(%q) = %q, want %q", tt.key, got, tt.masked)
		}
	}
}

func TestKeysOfOtherServers_E8(t *testing.T) {
	t.Parallel()
	tests := []struct {
		key, url string
		ok       bool
	}{
		{"sk-real", "https://api.braintrust.dev", true},
		{"bt-st-real", "http://127.0.0.1:8787", true}, // a tunnel may end there
		{"sk-sandbox-a", "https://api.braintrust.dev", false},
		{"bt-st-sandbox-a", "https://api-eu.braintrust.dev", false},
		{"bt-st-sandbox-a", "https://localhost.evil.test", false},
		{"bt-st-sandbox-a", "https://127.0.0.1.evil.test", false},
		{"bt-st-sandbox-a", "https://user@evil.test", false},
		{"bt-st-sandbox-a", "", false},
		{"bt-st-sandbox-a", "://", false},
		{"bt-st-sandbox-a", "http://127.0.0.1:8787", true},
		{"sk-sandbox-a", "https://localhost:8787", true},
		{"sk-sandbox-a", "http://[::1]:8787", true},
		{"sk-sandbox-a", "http://0.0.0.0", false},
	}
	for _, tt := range tests {
		err := credentials.CheckServer(braintrust.NewSecret(tt.key), tt.url)
		if (err == nil) != tt.ok {
			t.Errorf("%s for %s: %v", tt.key, tt.url, err)
		}
		if err != nil && (codeOf(err) != exit.Auth || strings.Contains(err.Error(), tt.key)) {
			t.Errorf("%s for %s: exit code %d, %v", tt.key, tt.url, codeOf(err), err)
		}
	}
	for key, ok := range map[string]bool{canary: false, "bt-st-real": false, "": false, "sk-sandbox-a": true, "bt-st-sandbox-a": true} {
		err := credentials.CheckEmbedded(braintrust.NewSecret(key))
		if (err == nil) != ok || err != nil && codeOf(err) != exit.Auth {
			t.Errorf("%q for the embedded organization: %v", key, err)
		}
	}
}
