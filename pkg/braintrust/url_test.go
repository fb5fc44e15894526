package braintrust_test

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"btadmin/pkg/braintrust"
)

func TestA2_CheckURL(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		raw  string
		want string // the normalised URL; "" when it is refused
	}{
		{"https://api.example.com", "https://api.example.com"},
		{"https://api.example.com/", "https://api.example.com"},
		{"HTTPS://API.Example.COM:8443/base//", "https://api.example.com:8443/base"},
		{"http://127.0.0.1:8000", "http://127.0.0.1:8000"},
		{"http://127.1.2.3", "http://127.1.2.3"},
		{"http://[::1]:8000/", "http://[::1]:8000"},
		{"http://localhost:8000", "http://localhost:8000"},
		{"http://LOCALHOST", "http://localhost"},
		{"https://10.0.0.5", "https://10.0.0.5"},

		{"", ""},
		{"api.example.com", ""},
		{"//api.example.com", ""},
		{"ftp://api.example.com", ""},
		{"https:api.example.com", ""},
		{"https://", ""},
		{"https:///v1", ""},
		{"http://10.0.0.5", ""},
		{"http://api.example.com", ""},
		{"http://localhost.evil.test", ""},
		{"http://evil-localhost", ""},
		{"http://localhost.", ""},
		{"http://0.0.0.0", ""},
		{"http://[::]", ""},
		{"http://0", ""},
		{"http://127.1", ""},
		{"http://2130706433", ""},
		{"http://0x7f.0.0.1", ""},
		{"http://127.0.0.1.evil.test", ""},
		{"http://169.254.169.254", ""},
		{"http://[::1%25eth0]", ""},
		{"https://user:CANARY@api.example.com", ""},
		{"http://CANARY@localhost", ""},
		{"https://@api.example.com", ""},
		{"http://localhost@evil.test", ""},
		{"https://user:CANARY@api.example.com:bad", ""},
		{"https://api.example.com?x=1", ""},
		{"https://api.example.com?", ""},
		{"https://api.example.com#", ""},
		{"https://api.example.com/../x", ""},
		{"https://api.example.com:", ""},
		{"https://api.example.com:0", ""},
		{"https://api.example.com:99999", ""},
		{"https://аpi.example.com", ""}, // Cyrillic
		{"https://api.example.com\n", ""},
		{" https://api.example.com", ""},
		{"https://api.example.com\\@evil.test", ""},
	} {
		t.Run(test.raw, func(t *testing.T) {
			t.Parallel()
			u, err := braintrust.CheckURL(test.raw)
			if test.want != "" {
				if err != nil || u.String() != test.want {
					t.Fatalf("got %v, %v; want %s", u, err, test.want)
				}
				return
			}
			var refused *braintrust.URLError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, %v; want a *URLError", u, err)
			}
			if strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestA2_RefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	transport := roundTrip(func(*http.Request) (*http.Response, error) {
		sent.Add(1)
		return nil, errors.New("sent")
	})
	for _, url := range []string{"http://10.0.0.5", "http://localhost.evil.test", "https://a:b@example.com", "http://0.0.0.0"} {
		_, err := braintrust.New(braintrust.Config{BaseURL: url, Transport: transport})
		var refused *braintrust.URLError
		if !errors.As(err, &refused) {
			t.Errorf("New(%s): %v, want a *URLError", url, err)
		}
		c := client(t, "https://api.example.com", func(c *braintrust.Config) { c.Transport = transport })
		if _, err := c.Login(t.Context(), url); !errors.As(err, &refused) {
			t.Errorf("Login(%s): %v, want a *URLError", url, err)
		}
	}
	if n := sent.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestA12_Key(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, key, sent string
		refused         bool
	}{
		{"plain", canary, "Bearer " + canary, false},
		{"none", "", "", false},
		{"one newline", canary + "\n", "Bearer " + canary, false},
		{"one Windows newline", canary + "\r\n", "Bearer " + canary, false},
		{"two newlines", canary + "\n\n", "", true},
		{"CR alone at the end", canary + "\r", "", true},
		{"CR inside", "sk-CANARY\rX", "", true},
		{"header injection", "sk-CANARY\r\nX-Evil: 1", "", true},
		{"NUL", "sk-CANARY\x00", "", true},
		{"inner space", "sk-CANARY x", "", true},
		{"leading space", " " + canary, "", true},
		{"byte-order mark", "\ufeff" + canary, "", true},
		{"non-breaking space", canary + "\u00a0", "", true},
		{"DEL", canary + "\x7f", "", true},
		{"letters", "sk-CANARYé", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, fixed(200, `{"objects":[]}`))
			c, err := braintrust.New(braintrust.Config{BaseURL: s.URL, Key: braintrust.NewSecret(test.key)})
			if test.refused {
				if !errors.Is(err, braintrust.ErrMalformedKey) || strings.Contains(err.Error(), "CANARY") {
					t.Fatalf("got %v, want ErrMalformedKey without the key", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer c.CloseIdleConnections()
			if _, err := braintrust.Collect(c.Groups(t.Context(), braintrust.GroupFilter{})); err != nil {
				t.Fatal(err)
			}
			if got := s.got()[0].header.Get("Authorization"); got != test.sent {
				t.Errorf("sent %q, want %q", got, test.sent)
			}
		})
	}
}
