package change_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// between puts a server of the test's own in front of the real one. answer returns nil to let a request through.
type between struct {
	next   http.RoundTripper
	answer func(r *http.Request) (*http.Response, error)
}

func (b between) RoundTrip(r *http.Request) (*http.Response, error) {
	if res, err := b.answer(r); res != nil || err != nil {
		return res, err
	}
	return b.next.RoundTrip(r)
}

// sleeper does not wait, and tells for how long it should have.
func sleeper(told func(time.Duration)) func(context.Context, time.Duration) error {
	return func(_ context.Context, d time.Duration) error {
		told(d)
		return nil
	}
}

func answered(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

var (
	refusedConnection = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	resetConnection   = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
)

const noAccess = `{"error":"Group does not exist or you do not have access"}`

// A server says "does not exist or you do not have access" also to whoever may not delete: what is still there
// was not deleted.
func TestDeletionThatIsNotAllowedIsNoSuccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tokens, err := braintrust.Collect(w.client.ServiceTokens(t.Context(), braintrust.ServiceTokenFilter{}))
	if err != nil || len(tokens) == 0 {
		t.Fatal(tokens, err)
	}
	w.do(&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Judge"}})
	steps := map[string]change.Step{
		"group": &change.DeleteGroup{Group: w.group("Contractors")},
		"role":  &change.DeleteRole{Role: w.role("Judge")},
		"token": &change.DeleteToken{Token: tokens[0]},
	}
	w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodDelete {
			return answered(r, http.StatusBadRequest, noAccess), nil
		}
		return nil, nil
	}}
	for name, step := range steps {
		_, err := w.Run(t.Context(), w.review(step))
		var partial *change.PartialError
		if !braintrust.IsNotFound(err) || errors.As(err, &partial) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A deletion whose answer is lost, and one that somebody else was faster with, is one.
func TestDeletionTwiceIsSuccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := w.group("Contractors")
	review := w.review(&change.DeleteGroup{Group: group})
	w.script.fail = func(n int, _ *http.Request) (before, after error) {
		if n == 1 {
			return nil, syscall.ECONNRESET
		}
		return nil, nil
	}
	if _, err := w.Run(t.Context(), review); err != nil {
		t.Errorf("lost answer: %v", err)
	}
	result, err := w.Run(t.Context(), review)
	if err != nil || len(result.Warnings) != 1 {
		t.Errorf("gone before: %+v, %v", result, err)
	}
}

// What fails while something is read before the first write changed nothing, whatever the server says.
func TestFailedReadBeforeTheWriteIsNotPartial(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]change.Step{
		"account": &change.CreateServiceAccount{Name: "ci"},
		"token":   &change.MintToken{AccountID: "33333333-3333-4333-8333-333333333333", Account: "ci", Name: "ci"},
	} {
		w := newWorld(t)
		review := w.review(step)
		w.script.next = between{w.script.next, func(r *http.Request) (*http.Response, error) {
			return answered(r, http.StatusInternalServerError, "broken"), nil
		}}
		_, err := w.Run(t.Context(), review)
		var partial *change.PartialError
		if err == nil || errors.As(err, &partial) || w.script.writes > 0 {
			t.Errorf("%s: %v after %d writes", name, err, w.script.writes)
		}
	}
}

// Each write is answered 500 for ever. What was not done is an error without PartialError, what was done all the
// same is a success, and what cannot be found out is partial.
func TestLostOutcomeIsLookedUp(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]func(w *world) change.Step{
		"create group": func(*world) change.Step { return &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}} },
		"create role":  func(*world) change.Step { return &change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "QA"}} },
		"patch role": func(w *world) change.Step {
			return &change.PatchRole{Role: w.role("Judge"), Patch: braintrust.RolePatch{Description: ptr("x")}}
		},
		"delete role": func(w *world) change.Step { return &change.DeleteRole{Role: w.role("Judge")} },
		"patch group": func(w *world) change.Step {
			return &change.PatchGroup{Group: w.group("Evaluators"), Patch: braintrust.GroupPatch{Description: ptr("x")}}
		},
		"delete group": func(w *world) change.Step { return &change.DeleteGroup{Group: w.group("Contractors")} },
		"remove members": func(w *world) change.Step {
			return &change.RemoveMembers{Users: []braintrust.User{w.user("bo@acme.example.com")}}
		},
		"add grants": func(w *world) change.Step {
			return &change.AddACLs{Items: grants(w.team("Contractors"), w.node("org_project"), "delete")}
		},
		"remove grants": func(w *world) change.Step {
			return remove(grants(w.team("Evaluators"), w.node("org_project"), "delete"))
		},
	} {
		for _, mode := range []string{"not done", "done", "not to be seen"} {
			t.Run(name+" "+mode, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.do(&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Judge"}},
					&change.AddACLs{Items: grants(w.team("Evaluators"), w.node("org_project"), "delete")})
				review := w.review(step(w))
				var wrote atomic.Bool
				next := w.script.next
				w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
					switch {
					case r.Method == http.MethodGet && mode == "not to be seen" && wrote.Load():
						return nil, refusedConnection
					case r.Method == http.MethodGet:
						return nil, nil
					}
					wrote.Store(true)
					if mode == "done" {
						if res, err := next.RoundTrip(r); err == nil {
							_ = res.Body.Close()
						}
					}
					return answered(r, http.StatusInternalServerError, "broken"), nil
				}}
				_, err := w.Run(t.Context(), review)
				var partial *change.PartialError
				switch mode {
				case "done":
					if err != nil {
						t.Error(err)
					}
				case "not done":
					if err == nil || errors.As(err, &partial) {
						t.Errorf("%v", err)
					}
				default:
					if !errors.As(err, &partial) {
						t.Errorf("%v", err)
					}
				}
			})
		}
	}
}

// D15: reads that lag behind by five seconds do not turn a change that was made into one that was not.
func TestD15LaggingReadsAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := w.group("Evaluators")
	review := w.review(&change.PatchGroup{Group: group, Patch: braintrust.GroupPatch{Description: ptr("new")}})
	next := w.script.next
	var waited time.Duration
	w.Sleep = sleeper(func(d time.Duration) { waited += d })
	w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
		switch {
		case r.Method == http.MethodPatch:
			if res, err := next.RoundTrip(r); err == nil {
				_ = res.Body.Close()
			}
			return nil, syscall.ECONNRESET
		case strings.HasSuffix(r.URL.Path, group.ID) && waited < 5*time.Second:
			return answered(r, http.StatusOK, fmt.Sprintf(`{"id":%q,"org_id":%q,"name":"Evaluators","description":"old"}`, group.ID, w.org.ID)), nil
		}
		return nil, nil
	}}
	if _, err := w.Run(t.Context(), review); err != nil {
		t.Errorf("after %s: %v", waited, err)
	}
}

// A creation whose first answer was lost finds its own work, although the second answer lacks the members.
func TestOwnCreationIsRecognisedWithoutMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA", MemberUsers: []string{w.user("bo@acme.example.com").ID}}}
	review := w.review(create, &change.AddACLs{Items: w.reads("read")})
	next := w.script.next
	posts := 0
	w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/group" {
			return nil, nil
		}
		res, err := next.RoundTrip(r)
		if posts++; posts == 1 {
			return nil, syscall.ECONNRESET
		}
		made := w.group("QA")
		_ = res.Body.Close()
		again := answered(r, http.StatusOK, fmt.Sprintf(`{"id":%q,"org_id":%q,"name":"QA"}`, made.ID, w.org.ID))
		again.Header.Set("X-Bt-Found-Existing", "true")
		return again, err
	}}
	if _, err := w.Run(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	if len(create.Out.MemberUsers) != 1 {
		t.Errorf("Out = %+v", create.Out)
	}
}

// D6: a token that is listed seconds after its answer was lost is an orphan all the same.
func TestD6OrphanThatShowsLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mint := &change.MintToken{AccountID: w.server.Seeded().ServiceAccountID, Account: "owner", Name: "nightly", Sink: &memorySink{}}
	review := w.review(mint)
	next := w.script.next
	var waited time.Duration
	w.Sleep = sleeper(func(d time.Duration) { waited += d })
	w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
		switch {
		case r.Method == http.MethodPost:
			if res, err := next.RoundTrip(r); err == nil {
				_ = res.Body.Close()
			}
			return nil, syscall.ECONNRESET
		case waited < 5*time.Second:
			return answered(r, http.StatusOK, `{"objects":[]}`), nil
		}
		return nil, nil
	}}
	_, err := w.Run(t.Context(), review)
	var orphan *change.OrphanError
	if !errors.As(err, &orphan) {
		t.Errorf("error %v", err)
	}
}

// A step may name what an earlier step of the plan makes, in every place where it names anything.
func TestPlaceholdersEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do(&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Judge"}})
	patch := &change.PatchRole{Role: w.role("Judge"), Patch: braintrust.RolePatch{AddMemberRoles: []string{change.New("role", "Reader")}}}
	w.do(
		&change.CreateRole{RoleCreate: braintrust.RoleCreate{Name: "Reader", MemberPermissions: []braintrust.RolePermission{{Permission: "read"}}}},
		patch,
		&change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: "QA"}},
		&change.InviteMembers{Emails: []string{"new@acme.example.com"}, Groups: []braintrust.Group{{ID: change.New("group", "QA"), Name: "QA"}}},
		&change.AddACLs{Items: []braintrust.ACLItem{access.RoleItem(access.Principal{Kind: "group", ID: change.New("group", "QA")}, w.node("org_project"), change.New("role", "Reader"))}},
	)
	if got := w.group("QA").MemberUsers; len(got) != 1 || len(patch.Out.MemberRoles) != 1 {
		t.Errorf("members %v, roles %v", got, patch.Out.MemberRoles)
	}
}

func answeredJSON(r *http.Request, body string) *http.Response {
	res := answered(r, http.StatusOK, body)
	res.Header.Set("Content-Type", "application/json")
	return res
}

func bodyOf(t *testing.T, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
