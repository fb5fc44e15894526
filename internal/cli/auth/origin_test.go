package auth_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"btadmin/internal/exit"
)

// The login answer names another API. The key reaches it only after the person says so.
func TestForeignAPIURL_A3(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		terminal bool
		answer   string
		args     []string // {other} and {own} stand for the addresses
		code     exit.Code
		saved    string // the address in the profile; "" when nothing is saved
		sent     bool   // whether the other server got a request
	}{
		{"nobody to ask", false, "", nil, exit.BadInput, "", false},
		{"--yes is no agreement", false, "", []string{"--yes"}, exit.BadInput, "", false},
		{"the person says no", true, "n\n", nil, exit.OK, "{own}", false},
		{"the person presses enter", true, "\n", nil, exit.OK, "{own}", false},
		{"the person says yes", true, "y\n", nil, exit.OK, "{other}", true},
		{"the person named another", false, "", []string{"--api-url", "{own}"}, exit.OK, "{own}", false},
		{"the person named it", false, "", []string{"--api-url", "{other}"}, exit.OK, "{other}", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			own := newFake(t)
			other := newFake(t)
			own.orgs = `[{"id":"o1","name":"Acme","api_url":"` + other.URL + `"}]`
			u := newUser(t, own.at())
			own.configured(u)
			u.terminal = tt.terminal
			expand := strings.NewReplacer("{own}", own.URL, "{other}", other.URL)
			args := []string{"login", "--insecure-storage"}
			for _, arg := range tt.args {
				args = append(args, expand.Replace(arg))
			}
			input := canary + "\n" + tt.answer
			if !tt.terminal {
				args, input = append(args, "--token-stdin"), canary
			}
			_, status, err := u.run(input, args...)
			if codeOf(err) != tt.code {
				t.Fatalf("%v\n%s", err, status)
			}
			if got := len(other.requests()) > 0; got != tt.sent {
				t.Errorf("the other server got %v", other.requests())
			}
			if err != nil && (!strings.Contains(hintOf(err), "--api-url "+other.URL) || !strings.Contains(status, other.URL)) {
				t.Errorf("the other address is not shown: %v\n%s", err, status)
			}
			file, _ := os.ReadFile(u.file("config.yaml"))
			if want := expand.Replace(tt.saved); want != "" && !strings.Contains(string(file), "    api-url: "+want+"\n") {
				t.Errorf("saved: %s", file)
			}
			if _, err := os.Stat(u.file("keys")); (err == nil) != (tt.saved != "") {
				t.Errorf("key saved: %v", err == nil)
			}
		})
	}
}

// Addresses that no key may be sent to are not even asked about.
func TestInternalAPIURL_A3(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://10.0.0.5", "http://169.254.169.254", "https://user:pass@evil.test", "javascript:1", "http://localhost.evil.test"} {
		f := newFake(t)
		f.orgs = `[{"id":"o1","name":"Acme","api_url":"` + address + `"}]`
		u := newUser(t, f.at())
		f.configured(u)
		_, status, err := u.run(canary, "login", "--insecure-storage", "--token-stdin")
		if err != nil || !strings.Contains(status, "is refused") {
			t.Errorf("%s: %v\n%s", address, err, status)
		}
		file, _ := os.ReadFile(u.file("config.yaml"))
		if !strings.Contains(string(file), "    api-url: "+f.URL+"\n") {
			t.Errorf("%s: saved %s", address, file)
		}
	}
}

// A web application that redirects the login is not followed.
func TestLoginRedirect_A1(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	app := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(app.Close)
	u := newUser(t, map[string]string{"BRAINTRUST_APP_URL": app.URL, "BRAINTRUST_API_URL": app.URL})
	_, _, err := u.run(canary, "login", "--insecure-storage", "--token-stdin")
	if err == nil || !strings.Contains(err.Error(), elsewhere.URL) || reached.Load() != 0 {
		t.Errorf("%v, %d requests elsewhere", err, reached.Load())
	}
}
