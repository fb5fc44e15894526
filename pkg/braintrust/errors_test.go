package braintrust_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"btadmin/pkg/braintrust"
)

func TestMessage(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"error":`, 50) + `"no"` + strings.Repeat(`}`, 50)
	for _, test := range []struct{ name, contentType, body, want string }{
		{"text", "text/plain", "  no \n such\tthing ", "no such thing"},
		{"empty", "", "", ""},
		{"error", "", `{"error":"no"}`, "no"},
		{"message", "", `{"message":"no"}`, "no"},
		{"Message", "", `{"Message":"no"}`, "no"},
		{"error before message", "", `{"message":"second","error":"first"}`, "first"},
		{"empty error", "", `{"error":"","message":"no"}`, "no"},
		{"null error", "", `{"error":null,"message":"no"}`, "no"},
		{"nested", "", `{"error":{"code":7,"message":"no"}}`, "no"},
		{"nested twice", "", `{"error":{"error":{"Message":"no"}}}`, "no"},
		{"list", "", `{"errors":[{"message":"no"},{"message":"more"}]}`, "no"},
		{"string", "", `"no"`, "no"},
		{"number", "", `7`, "7"},
		{"no words", "", `{"code":7}`, `{"code":7}`},
		{"broken JSON", "", `{"error":"no`, `{"error":"no`},
		{"too deep to look for words", "", deep, deep},
		{"HTML", "text/html", `<html><TITLE>502 Bad Gateway</TITLE></html>`, "a page of HTML instead of the API's answer (502 Bad Gateway)"},
		{"HTML by its looks", "", ` <!doctype html>`, "a page of HTML instead of the API's answer"},
		{"HTML with an open title", "", `<html><title>x`, "a page of HTML instead of the API's answer"},
		{"escapes are kept for whoever prints", "", `{"error":"a\u001b[2Jb"}`, "a\x1b[2Jb"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := braintrust.Message(test.contentType, []byte(test.body))
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	long := braintrust.Message("", []byte(strings.Repeat("é", 10_000)))
	if len(long) > 610 || !utf8.ValidString(long) || !strings.HasSuffix(long, "...") {
		t.Errorf("a long text is cut to %d bytes: %q", len(long), long)
	}
}

func TestAPIError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, header, body string
		want               string
	}{
		{"trace id first", "X-Bt-Internal-Trace-Id", `{"error":"no"}`, "GET /v1/group/a: 403 no (request id req-1)"},
		{"request id", "X-Request-Id", ``, "GET /v1/group/a: 403 forbidden (request id req-1)"},
		{"vercel", "X-Vercel-Id", `no`, "GET /v1/group/a: 403 no (request id req-1)"},
		{"none", "X-Other", `no`, "GET /v1/group/a: 403 no"},
		{"A8 the key is echoed", "X-Other", `bad header "Bearer ` + canary + `"`, `GET /v1/group/a: 403 bad header "Bearer [secret]"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				w.Header().Set(test.header, "req-1")
				w.WriteHeader(403)
				w.Write([]byte(test.body))
			})
			_, err := client(t, s.URL).Group(t.Context(), "a")
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestJudgement(t *testing.T) {
	t.Parallel()
	type judgement struct{ NotFound, Forbidden, Unauthorized, MaybeCarriedOut bool }
	for _, test := range []struct {
		status  int
		message string
		want    judgement
	}{
		{404, "", judgement{NotFound: true}},
		{400, "Group does not exist or you do not have access to it", judgement{NotFound: true}},
		{400, "DOES NOT EXIST OR YOU DO NOT HAVE ACCESS", judgement{NotFound: true}},
		{400, "missing read access to group abc", judgement{Forbidden: true}},
		{400, "User is missing create_acls permission on project", judgement{Forbidden: true}},
		{400, "missing 'read' access", judgement{Forbidden: true}},
		{400, "permission denied", judgement{Forbidden: true}},
		{400, "you do not have access", judgement{Forbidden: true}},
		{400, "missing field name", judgement{}},
		{400, "missing a parameter that says which access", judgement{}},
		{400, "Extraneous key 'x' at path []", judgement{}},
		{401, "", judgement{Unauthorized: true}},
		{403, "", judgement{Forbidden: true}},
		{403, "does not exist or you do not have access", judgement{Forbidden: true}},
		{429, "", judgement{}},
		{408, "", judgement{MaybeCarriedOut: true}},
		{500, "missing read access", judgement{MaybeCarriedOut: true}},
	} {
		t.Run(fmt.Sprint(test.status, " ", test.message), func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("wrapped: %w", &braintrust.APIError{Status: test.status, Message: test.message})
			got := judgement{
				braintrust.IsNotFound(err), braintrust.IsForbidden(err), braintrust.IsUnauthorized(err),
				braintrust.MaybeCarriedOut(err),
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, err := range []error{nil, errors.New("x"), braintrust.ErrReadOnly, &braintrust.RedirectError{}} {
		if braintrust.IsNotFound(err) || braintrust.IsForbidden(err) || braintrust.IsUnauthorized(err) || braintrust.MaybeCarriedOut(err) {
			t.Errorf("%v is taken for something", err)
		}
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  braintrust.APIError
		want string // part of the hint; "" for none
	}{
		{braintrust.APIError{Method: "POST", Path: "/v1/service_token", Status: 403}, "/org/service-tokens"},
		{braintrust.APIError{Method: "PATCH", Path: "/v1/organization/members", Status: 403, Message: "cannot create Token"}, "/org/service-tokens"},
		{braintrust.APIError{Method: "PATCH", Path: "/v1/organization/members", Status: 403, Message: "no"}, ""},
		{braintrust.APIError{Method: "GET", Path: "/v1/service_token", Status: 403}, ""},
		{braintrust.APIError{Method: "GET", Path: "/v1/group", Status: 401}, "/org/api-keys"},
		{braintrust.APIError{Status: 429}, "wait"},
		{braintrust.APIError{Status: 500}, ""},
	} {
		if got := test.err.Hint(); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%v: hint %q, want %q", &test.err, got, test.want)
		}
	}
}
