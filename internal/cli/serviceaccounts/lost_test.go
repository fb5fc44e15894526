package serviceaccounts

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/change"
	"btadmin/internal/iostreams"
	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

const canary = sandbox.ServiceTokenPrefix + "canaryCANARYcanary0001"

// discard is an answer that nobody gets.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// D6: the answer to the creation of an account with a first token is lost. It is never sent again, and the
// token that nobody has the secret of is named.
func TestD6AnswerOfCreationIsLost(t *testing.T) {
	t.Parallel()
	server, err := sandbox.Open(t.TempDir(), sandbox.Options{Seed: sandbox.SeedSpec{TokenKey: canary}})
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPatch {
			server.Handler().ServeHTTP(w, r)
			return
		}
		sent++
		server.Handler().ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	streams, out, _ := iostreams.Test("")
	env := map[string]string{"HOME": t.TempDir(), "BRAINTRUST_API_KEY": canary, "BRAINTRUST_API_URL": listener.URL}
	streams.Env = func(name string) string { return env[name] }
	a := app.New(streams, build.New("v0.0.0-test", "", ""), nil)
	err = runCreate(context.Background(), a, []string{"bot"}, createOptions{tokenName: "first"})
	var partial *change.PartialError
	if !errors.As(err, &partial) || sent != 1 || out.Len() > 0 {
		t.Fatalf("error %v after %d requests, printed %q", err, sent, out)
	}
	client, err := a.Client(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := braintrust.Collect(client.ServiceTokens(context.Background(), braintrust.ServiceTokenFilter{Name: "first"}))
	if err != nil || len(tokens) != 1 {
		t.Fatalf("tokens %v, %v", tokens, err)
	}
	if !strings.Contains(partial.Error(), tokens[0].ID) || !strings.Contains(partial.Hint(), "service-tokens delete "+tokens[0].ID) {
		t.Errorf("the orphan is not named: %v; hint %q", partial, partial.Hint())
	}
}
