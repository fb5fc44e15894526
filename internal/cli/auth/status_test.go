package auth_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/exit"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	u := newUser(t, f.at())
	u.env["BRAINTRUST_API_KEY"] = canary
	u.env["BRAINTRUST_ORG_NAME"] = "Acme"
	out, _, err := u.run("", "status", "--json")
	want := `{"profile":"","org_name":"Acme","api_url":"` + f.URL + `","app_url":"` + f.URL +
		`","key_source":"environment","key_masked":"sk-...1234","key_kind":"user_key","user_id":"u1","status":"usable","detail":""}` + "\n"
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	if out, _, err = u.run("", "status", "-o", "table"); err != nil || !strings.Contains(out, "usable: the server takes the key") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestStatusVerdicts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want string
		code exit.Code
	}{
		{"wrong key A8", map[string]string{"BRAINTRUST_API_KEY": canary + "X"}, nil, `"status":"refused"`, exit.Auth},
		{"nobody listens", map[string]string{"BRAINTRUST_API_KEY": canary, "BRAINTRUST_API_URL": "http://127.0.0.1:1"}, nil, `"status":"unknown"`, exit.Network},
		{"sandbox key elsewhere E8", map[string]string{"BRAINTRUST_API_KEY": "bt-st-sandbox-0123456789abcdef", "BRAINTRUST_API_URL": "https://api.example.test"}, nil, `"status":"refused"`, exit.Auth},
		{"malformed key A12", map[string]string{"BRAINTRUST_API_KEY": "sk- CANARY"}, nil, `"status":"no_key"`, exit.BadInput},
		{"nothing", nil, nil, "", exit.Auth},
		{"unknown profile", nil, []string{"--profile", "x"}, "", exit.BadInput},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			u := newUser(t, f.at())
			for name, value := range tt.env {
				u.env[name] = value
			}
			out, _, err := u.run("", append([]string{"status", "--json"}, tt.args...)...)
			if codeOf(err) != tt.code || !strings.Contains(out, tt.want) {
				t.Errorf("exit code %d (%v), want %d\n%s", codeOf(err), err, tt.code, out)
			}
		})
	}
	_, _, err := newUser(t, nil).run("", "status")
	if !strings.Contains(hintOf(err), "btadmin auth login") || !strings.Contains(hintOf(err), "--sandbox") {
		t.Errorf("hint %q", hintOf(err))
	}
}

// A key file that others can read is not used.
func TestStatusOfAnOpenKeyFile_A6(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	u := newUser(t, f.at())
	if _, _, err := u.run(canary, "login", "--token-stdin", "--insecure-storage"); err != nil {
		t.Fatal(err)
	}
	before := len(f.requests())
	if err := os.Chmod(u.file("keys", "profile-default.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _, err := u.run("", "status", "--json")
	if codeOf(err) != exit.Auth || !strings.Contains(out, `"status":"no_key"`) || !strings.Contains(hintOf(err), "chmod 600") {
		t.Errorf("%v, hint %q\n%s", err, hintOf(err), out)
	}
	if len(f.requests()) != before {
		t.Errorf("requests: %v", f.requests())
	}
}

func TestStatusOfTheSandbox(t *testing.T) {
	t.Parallel()
	u := newUser(t, map[string]string{"BRAINTRUST_API_URL": "https://api.example.test"})
	out, _, err := u.run("", "status", "--sandbox", "--json")
	if err != nil || !strings.Contains(out, `"key_source":"sandbox"`) || !strings.Contains(out, `"key_kind":"sandbox_service_token"`) ||
		!strings.Contains(out, `"status":"usable"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		env  map[string]string
		args []string
		code exit.Code
		want string
	}{
		{"environment", map[string]string{"BRAINTRUST_API_KEY": canary}, nil, exit.BadInput, "BRAINTRUST_API_KEY"},
		{"sandbox", nil, []string{"--sandbox"}, exit.BadInput, "no login to end"},
		{"nobody", nil, nil, exit.OK, "nobody is logged in"},
		{"unknown profile", nil, []string{"--profile", "x"}, exit.BadInput, `there is no profile "x"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, status, err := newUser(t, tt.env).run("", append([]string{"logout"}, tt.args...)...)
			if err != nil {
				status += err.Error()
			}
			if codeOf(err) != tt.code || !strings.Contains(status, tt.want) {
				t.Errorf("exit code %d: %s", codeOf(err), status)
			}
		})
	}
}
