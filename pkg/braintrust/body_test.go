package braintrust_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

// TestC5_TooLarge is not parallel: each case fills the cap.
func TestC5_TooLarge(t *testing.T) {
	block := bytes.Repeat([]byte(" "), 1<<20)
	var member bytes.Buffer
	zip := gzip.NewWriter(&member)
	if _, err := zip.Write(block); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Repeat(member.Bytes(), 1<<10) // 1 GB of blanks in 1 MB
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, int){
		"1 GB announced": func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Length", "1000000000")
			w.Write(block)
		},
		"endless": func(w http.ResponseWriter, r *http.Request, _ int) {
			for r.Context().Err() == nil {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		},
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, answer)
			_, err := braintrust.Collect(client(t, s.URL).Groups(t.Context(), braintrust.GroupFilter{}))
			wantStrange(t, err, "GET /v1/group: the answer is larger than 64 MiB")
			if n := len(s.got()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// TestC5_LargePagesOfObjects: prompts may carry so much that a whole page does not fit under the cap.
func TestC5_LargePagesOfObjects(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		switch q := r.URL.Query(); {
		case q.Get("limit") == "1000":
			w.Header().Set("Content-Length", "1000000000")
			w.Write([]byte(`{"objects":[`))
		case q.Get("starting_after") == "":
			reply(w, 200, `{"objects":[{"id":"a"}]}`)
		default:
			reply(w, 200, `{"objects":[]}`)
		}
	})
	all, err := braintrust.Collect(client(t, s.URL).Objects(t.Context(), braintrust.KindPrompt, braintrust.ObjectFilter{}))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %v, %v", all, err)
	}
	want := []string{"GET /v1/prompt?limit=1000", "GET /v1/prompt?limit=125", "GET /v1/prompt?limit=125&starting_after=a"}
	if diff := cmp.Diff(want, s.lines()); diff != "" {
		t.Error(diff)
	}
}

func TestC5_DrippingBody(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		io.WriteString(w, `{"objects":[`)
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	c := client(t, s.URL, func(config *braintrust.Config) {
		config.Timeout = 20 * time.Millisecond
		config.Retry.Attempts = 2
	})
	_, err := c.Group(t.Context(), id(1))
	var network *braintrust.NetworkError
	if !errors.As(err, &network) || !network.MaybeSent || !strings.Contains(err.Error(), "no complete answer within 20ms") {
		t.Errorf("got %v", err)
	}
}

func wantStrange(t *testing.T, err error, words string) {
	t.Helper()
	var strange *braintrust.AnswerError
	if !errors.As(err, &strange) || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want an *AnswerError with %q", err, words)
	}
	if !braintrust.MaybeCarriedOut(err) {
		t.Error("a write with such an answer may have been carried out")
	}
}

func TestC5_WrongAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, body, want string }{
		{"empty", ``, "the answer is empty"},
		{"HTML", `<!doctype html><title>Sign in</title>`, "a page of HTML (Sign in), not JSON"},
		{"text", `OK`, "does not fit"},
		{"null", `null`, "without an id"},
		{"array", `[]`, "does not fit"},
		{"no id", `{"name":"QA"}`, "without an id"},
		{"null id", `{"id":null}`, "without an id"},
		{"number for an id", `{"id":7}`, "/id"},
		{"object for a name", `{"id":"a","name":{}}`, "/name"},
		{"string for a list", `{"id":"a","member_users":"b"}`, "/member_users"},
		{"number in a list", `{"id":"a","member_users":[1]}`, "/member_users/0"},
		{"bad date", `{"id":"a","created":"yesterday"}`, "/created"},
		{"cut off", `{"id":"a"`, "does not fit"},
		{"two values", `{"id":"a"}{"id":"b"}`, "does not fit"},
		{"deep nesting", strings.Repeat("[", 200_000), "does not fit"},
		{"deep nesting in a member", `{"id":"a","x":` + strings.Repeat("[", 200_000), "does not fit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				w.Header().Set("X-Request-Id", "req-7")
				reply(w, 200, test.body)
			})
			_, err := client(t, s.URL).Group(t.Context(), id(1))
			wantStrange(t, err, test.want)
			if text := err.Error(); !strings.HasPrefix(text, "GET /v1/group/"+id(1)+": ") || !strings.Contains(text, "req-7") {
				t.Errorf("the error names neither the call nor the request id: %v", err)
			}
		})
	}
}

func TestC5_UnknownValuesAreKept(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, `{"id":"a","object_type":"galaxy","object_id":"b","permission":"fly","group_id":null,
		"restrict_object_type":null,"created":null,"_object_org_id":null,"wings":{"left":1}}`))
	acl, err := client(t, s.URL).ACL(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	want := braintrust.ACL{ID: "a", ACLItem: braintrust.ACLItem{ObjectType: "galaxy", ObjectID: "b", Permission: "fly"}}
	want.Unknown = []byte(`{"wings":{"left":1}}`)
	if diff := cmp.Diff(want, acl); diff != "" {
		t.Error(diff)
	}
}

func TestC5_NullEverywhere(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodPatch {
			reply(w, 200, `{"status":null,"org_id":null,"added_users":[{"id":"a","email":null,"api_key":null,"token_name":null}],"send_email_error":null}`)
			return
		}
		reply(w, 200, `{"id":"a","name":null,"org_id":null,"user_id":null,"created":null,"deleted_at":null,"description":null,
			"member_users":null,"member_groups":[null],"member_permissions":[{"permission":"read","restrict_object_type":null}],
			"is_universal_api":null,"settings":null,"service_account_id":null,"preview_name":null,"project_id":null,"slug":null}`)
	})
	c := client(t, s.URL)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"organization": func() error { _, err := c.Organization(ctx, "a"); return err },
		"user":         func() error { _, err := c.User(ctx, "a"); return err },
		"group":        func() error { _, err := c.Group(ctx, "a"); return err },
		"role":         func() error { _, err := c.Role(ctx, "a"); return err },
		"acl":          func() error { _, err := c.ACL(ctx, "a"); return err },
		"token":        func() error { _, err := c.ServiceToken(ctx, "a"); return err },
		"key":          func() error { _, err := c.APIKey(ctx, "a"); return err },
		"project":      func() error { _, err := c.Project(ctx, "a"); return err },
		"object":       func() error { _, err := c.Object(ctx, braintrust.KindFunction, "a"); return err },
		"members": func() error {
			result, err := c.UpdateMembers(ctx, braintrust.MembersPatch{})
			if err == nil && (len(result.AddedUsers) != 1 || !result.AddedUsers[0].APIKey.IsZero()) {
				return errors.New("null became a key")
			}
			return err
		},
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestC5_InvalidUTF8(t *testing.T) {
	t.Parallel()
	s := serve(t, fixed(200, "{\"id\":\"a\",\"name\":\"Q\xffA\"}"))
	group, err := client(t, s.URL).Group(t.Context(), "a")
	if err != nil || group.Name != "Q\ufffdA" {
		t.Errorf("got %q, %v", group.Name, err)
	}
}
