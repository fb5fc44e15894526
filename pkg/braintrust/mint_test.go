package braintrust_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

const minted = "bt-st-MINTED-CANARY"

// TestD6_LostAnswer: whatever happens between the server and us after a token may have been minted,
// there is one request and an error that names the token.
func TestD6_LostAnswer(t *testing.T) {
	t.Parallel()
	type answer = func(http.ResponseWriter, *http.Request, int)
	lost := map[string]answer{
		"reset": func(http.ResponseWriter, *http.Request, int) { hangUp() },
		"cut off": func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Length", "1000")
			reply(w, 200, `{"id":"a","key":"`+minted)
			http.NewResponseController(w).Flush()
			hangUp()
		},
		"HTML":      fixed(200, `<html>`),
		"empty":     fixed(200, ``),
		"no key":    fixed(200, `{"id":"a","name":"ci","status":"success","added_users":[{"id":"b"}]}`),
		"null key":  fixed(200, `{"id":"a","key":null,"status":"success","added_users":null}`),
		"bad types": fixed(200, `{"id":1,"key":"`+minted+`","status":1}`),
		"408":       fixed(408, `{}`), "500": fixed(500, `{}`), "502": fixed(502, `<html>`),
		"503": fixed(503, `{}`), "504": fixed(504, `{}`),
	}
	certain := map[string]answer{
		"400": fixed(400, `{}`), "401": fixed(401, `{}`), "403": fixed(403, `{}`), "429": fixed(429, `{}`),
		"302": fixed(302, ``),
	}
	calls := map[string]func(context.Context, *braintrust.Client) error{
		"mint": func(ctx context.Context, c *braintrust.Client) error {
			token, err := c.CreateServiceToken(ctx, braintrust.ServiceTokenCreate{Name: "ci", ServiceAccountID: id(1)})
			if err != nil && !token.Key.IsZero() {
				return errors.New("a key next to an error")
			}
			return err
		},
		"account": func(ctx context.Context, c *braintrust.Client) error {
			_, err := c.UpdateMembers(ctx, braintrust.MembersPatch{Invite: &braintrust.Invitation{
				ServiceAccounts: []braintrust.ServiceAccountCreate{{Name: "bot", TokenName: "ci"}, {Name: "other"}},
			}})
			return err
		},
	}
	for call, do := range calls {
		check := func(name string, answer answer, wantLost bool) {
			t.Run(call+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := serve(t, answer)
				err := do(t.Context(), client(t, s.URL))
				var lost *braintrust.LostAnswerError
				if errors.As(err, &lost) != wantLost || err == nil {
					t.Fatalf("got %v, want a *LostAnswerError: %t", err, wantLost)
				}
				if n := len(s.got()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), minted) {
					t.Errorf("the error shows the token: %v", err)
				}
				if got := braintrust.MaybeCarriedOut(err); got != wantLost {
					t.Errorf("maybe carried out: %t, want %t", got, wantLost)
				}
				if wantLost && (cmp.Diff([]string{"ci"}, lost.Tokens) != "" || !strings.Contains(err.Error(), `"ci"`)) {
					t.Errorf("the error does not name the token: %v", err)
				}
			})
		}
		for name, answer := range lost {
			check(name, answer, true)
		}
		for name, answer := range certain {
			check(name, answer, false)
		}
		t.Run(call+"/cancelled in flight", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			s := serve(t, func(_ http.ResponseWriter, r *http.Request, _ int) {
				cancel()
				<-r.Context().Done()
			})
			err := do(ctx, client(t, s.URL))
			var lost *braintrust.LostAnswerError
			if !errors.As(err, &lost) || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestMintedSecretsAreRead(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodPost {
			reply(w, 200, `{"id":"a","name":"ci","key":"`+minted+`","wings":1}`)
			return
		}
		reply(w, 200, `{"status":"success","added_users":[{"id":"b","email":"b@example.com","api_key":"`+minted+`","token_name":"ci"}]}`)
	})
	c := client(t, s.URL)
	token, err := c.CreateServiceToken(t.Context(), braintrust.ServiceTokenCreate{Name: "ci"})
	if err != nil || token.Key.Reveal() != minted || token.ID != "a" || string(token.Unknown) != `{"wings":1}` {
		t.Errorf("got %v with key %s, %v", token, token.Key.Reveal(), err)
	}
	members, err := c.UpdateMembers(t.Context(), braintrust.MembersPatch{Invite: &braintrust.Invitation{
		ServiceAccounts: []braintrust.ServiceAccountCreate{{Name: "bot", TokenName: "ci"}},
	}})
	if err != nil || len(members.AddedUsers) != 1 || members.AddedUsers[0].APIKey.Reveal() != minted {
		t.Errorf("got %v, %v", members, err)
	}
	if text := fmt.Sprintf("%v %+v %#v %v %+v %#v", token, token, token, members, members, members); strings.Contains(text, minted) {
		t.Errorf("printing shows the token: %s", text)
	}
}
