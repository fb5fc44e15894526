package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
	"btadmin/internal/output"
	"btadmin/internal/sandbox"
	"btadmin/pkg/braintrust"
)

const canaryKey = "CANARY0123456789"

func quietApp() (*app.App, *bytes.Buffer) {
	streams, _, errOut := iostreams.Test("")
	a := app.New(streams, build.New("v0.0.0-test", "", ""), nil)
	a.Remember(braintrust.NewSecret(canaryKey))
	return a, errOut
}

// A closed pipe is the quiet end of a read, and no excuse for anything else that is wrong.
func TestB8ClosedPipeHidesNothing(t *testing.T) {
	t.Parallel()
	a, errOut := quietApp()
	if code := report(a, fmt.Errorf("print: %w", output.ErrClosedPipe)); code != exit.OK || errOut.Len() > 0 {
		t.Errorf("code %d, stderr %q", code, errOut)
	}
	lost := &change.PartialError{RunID: "abcd", Total: 1, Err: fmt.Errorf("hand over: %w", output.ErrClosedPipe)}
	if code := report(a, lost); code != exit.Partial || !strings.Contains(errOut.String(), "abcd") {
		t.Errorf("code %d, stderr %q", code, errOut)
	}
}

// B1: a name with a line feed cannot make a line of its own among the guards, and a secret is shown in no form.
func TestB1GuardsHaveALineEach(t *testing.T) {
	t.Parallel()
	guard := &change.GuardError{Hash: "h", Findings: []change.Finding{
		{Guard: "G1", Message: "x\nbtadmin: error: all is well"}, {Guard: "G16", Message: "may not read it (" + canaryKey + ")"},
	}}
	a, errOut := quietApp()
	if code := report(a, guard); code != exit.Refused {
		t.Errorf("code %d", code)
	}
	if got := strings.Split(strings.TrimSpace(errOut.String()), "\n"); len(got) != 3 || !strings.Contains(got[1], `G1: x\nbtadmin`) {
		t.Errorf("stderr %q", got)
	}
	a.Flags.JSON = true
	report(a, guard)
	if strings.Contains(errOut.String(), canaryKey) {
		t.Errorf("A8: the key is in %s", errOut)
	}
}

// D17: what the journal could not be told is on stderr, as JSON.
func TestD17UnjournaledOutcome(t *testing.T) {
	t.Parallel()
	entry := journal.Entry{Run: "abcd", Type: journal.Outcome, Result: "confirmed", RequestIDs: []string{"r1"}}
	err := &change.PartialError{RunID: "abcd", Err: errors.Join(nil, &journal.WriteError{Entry: entry, Err: errors.New("no space left on device")})}
	a, errOut := quietApp()
	if code := report(a, err); code != exit.Partial {
		t.Errorf("code %d", code)
	}
	_, told, found := strings.Cut(errOut.String(), "not in the journal: ")
	var got journal.Entry
	if err := json.Unmarshal([]byte(told), &got); !found || err != nil || got.Result != "confirmed" || len(got.RequestIDs) != 1 {
		t.Errorf("%v in %q", err, errOut)
	}
	errOut.Reset()
	a.Flags.JSON = true
	report(a, err)
	var whole failure
	if err := json.Unmarshal(errOut.Bytes(), &whole); err != nil || len(whole.Unjournaled) != 1 || whole.Unjournaled[0].Run != "abcd" {
		t.Errorf("%v in %q", err, errOut)
	}
}

// What goes wrong after a change that is confirmed does not unmake it: 5 instead of a code that says that nothing
// was changed.
func TestWhatFollowsAChange(t *testing.T) {
	t.Parallel()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server.Handler())
	defer listener.Close()
	a, errOut := quietApp()
	env := map[string]string{"HOME": t.TempDir(), "BRAINTRUST_API_KEY": server.Seeded().TokenKey.Reveal(), "BRAINTRUST_API_URL": listener.URL}
	a.IO.Env = func(name string) string { return env[name] }
	offline := &braintrust.NetworkError{Op: "GET /v1/user", Err: errors.New("reset")}
	if code := report(a, offline); code != exit.Network {
		t.Errorf("before: code %d", code)
	}
	step := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}}
	if _, err := a.Mutate(t.Context(), app.Change{Steps: []change.Step{step}}); err != nil {
		t.Fatal(err)
	}
	errOut.Reset()
	if code := report(a, offline); code != exit.Partial || !strings.Contains(errOut.String(), a.LastRun()) {
		t.Errorf("after: code %d, stderr %q", code, errOut)
	}
	if code := report(a, exit.BadInputf("bad")); code != exit.BadInput {
		t.Errorf("bad input: code %d", code)
	}
}
