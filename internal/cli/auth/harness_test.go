package auth_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"
	keyring "github.com/zalando/go-keyring"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli/auth"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
)

const (
	canary    = "sk-CANARYCANARYCANARYCANARYCANARY1234"
	childMark = "BTADMIN_TEST_RUN_AUTH"
)

// TestMain keeps every test away from the keyring of this machine, and is the program itself for TestNoSecretInArgv_A7.
func TestMain(m *testing.M) {
	keyring.MockInit()
	if os.Getenv(childMark) != "" {
		err := execute(context.Background(), iostreams.System(), os.Args[1:])
		if err != nil {
			_, _ = io.WriteString(os.Stderr, err.Error()+"\n")
			os.Exit(int(codeOf(err)))
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// execute runs one command line of the noun.
func execute(ctx context.Context, streams *iostreams.Streams, args []string) error {
	a := app.New(streams, build.Info{Version: "test"}, args)
	root := &cobra.Command{
		Use: "btadmin", SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.Start() },
	}
	a.Flags.Bind(root.PersistentFlags())
	root.AddCommand(auth.New(a))
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return errors.Join(err, a.Close())
}

// user is somebody with a home at a machine without a keyring.
type user struct {
	t        *testing.T
	env      map[string]string
	terminal bool
}

func newUser(t *testing.T, env map[string]string) *user {
	t.Helper()
	all := map[string]string{"HOME": t.TempDir()}
	maps.Copy(all, env)
	return &user{t: t, env: all}
}

// run is one command line with what is typed or piped in. Whatever happens, no output shows the canary.
func (u *user) run(stdin string, args ...string) (stdout, stderr string, err error) {
	u.t.Helper()
	streams, out, errOut := iostreams.Test(stdin)
	streams.Env = func(name string) string { return u.env[name] }
	streams.InTTY, streams.ErrTTY = u.terminal, u.terminal
	err = execute(context.Background(), streams, append([]string{"auth"}, args...))
	text := errOut.String()
	if err != nil {
		text += err.Error()
	}
	if args[0] != "token" && strings.Contains(out.String()+text, "CANARY") {
		u.t.Errorf("auth %s shows the key:\n%s\n%s", strings.Join(args, " "), out, text)
	}
	return out.String(), errOut.String(), err
}

func (u *user) file(name ...string) string {
	return filepath.Join(append([]string{u.env["HOME"], ".config", "btadmin"}, name...)...)
}

func codeOf(err error) exit.Code {
	var e *exit.Error
	switch {
	case err == nil:
		return exit.OK
	case errors.As(err, &e):
		return e.Code
	}
	return exit.Failure
}

func hintOf(err error) string {
	var e *exit.Error
	if errors.As(err, &e) && e.Hint != "" {
		return e.Hint
	}
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// fake is an API and web application in one. It answers only the key that it knows.
type fake struct {
	*httptest.Server
	key   string
	orgs  string // org_info of the login answer
	saw   func() // called at every request
	mu    sync.Mutex
	paths []string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{key: canary, orgs: `[{"id":"o1","name":"Acme"}]`, saw: func() {}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// ServeHTTP implements http.Handler.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.saw()
	f.mu.Lock()
	f.paths = append(f.paths, r.Method+" "+r.URL.Path)
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	answer := map[string]string{
		"/api/apikey/login": `{"org_info":` + f.orgs + `}`,
		"/v1/organization":  `{"objects":[{"id":"o1","name":"Acme"}]}`,
		"/ping":             `{"id":"u1"}`,
	}[r.URL.Path]
	switch {
	case r.Header.Get("Authorization") != "Bearer "+f.key:
		http.Error(w, "Unauthorized: "+r.Header.Get("Authorization"), http.StatusUnauthorized)
	case answer == "":
		http.NotFound(w, r)
	case r.URL.Query().Get("starting_after") != "":
		_, _ = io.WriteString(w, `{"objects":[]}`)
	default:
		_, _ = io.WriteString(w, answer)
	}
}

func (f *fake) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.paths...)
}

// at is the environment of a user whose servers are both this one. Its API URL is given; see configured.
func (f *fake) at() map[string]string {
	return map[string]string{"BRAINTRUST_APP_URL": f.URL, "BRAINTRUST_API_URL": f.URL}
}

// configured lets the file name the API's address, so that it counts as configured and not as said for this run.
func (f *fake) configured(u *user) {
	u.t.Helper()
	delete(u.env, "BRAINTRUST_API_URL")
	if err := os.MkdirAll(u.file(), 0o700); err != nil {
		u.t.Fatal(err)
	}
	if err := os.WriteFile(u.file("config.yaml"), []byte("api-url: "+f.URL+"\n"), 0o600); err != nil {
		u.t.Fatal(err)
	}
}
