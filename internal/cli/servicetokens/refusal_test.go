package servicetokens

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/app"
	"btadmin/internal/exit"
)

// A user's API key, and a service token that is no owner's, are told so before anything is sent: no account
// is left behind without its token.
func TestOnlyAnOwnersServiceTokenMints(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	plain := o.as(canary, nil, "create", "plain")
	if plain.err != nil {
		t.Fatal(plain.err)
	}
	for name, key := range map[string]string{
		"user's API key":      o.server.Seeded().UserKey.Reveal(),
		"token without power": strings.TrimSpace(plain.out.String()),
	} {
		before := o.server.Counts().Writes
		for _, args := range [][]string{{"create", "other"}, {"rotate", "ci-evals"}} {
			got := o.as(key, nil, args...)
			var coded *exit.Error
			if !errors.As(got.err, &coded) || coded.Code != exit.Auth {
				t.Fatalf("%s, %v: error %v, want exit code 2", name, args, got.err)
			}
			if !strings.Contains(coded.Error(), "only a service token with organization-owner permissions") {
				t.Errorf("%s, %v: %v", name, args, coded)
			}
			if !strings.Contains(coded.Hint, "https://www.braintrust.dev/app/~/configuration/org/service-tokens") {
				t.Errorf("%s, %v: hint %q has no link", name, args, coded.Hint)
			}
			if got.out.Len() > 0 {
				t.Errorf("%s, %v: printed %q", name, args, got.out)
			}
		}
		if after := o.server.Counts().Writes; after != before {
			t.Errorf("%s: %d writes were sent", name, after-before)
		}
	}
}

// A --jq or --fields that would lose the secret is found before it is minted.
func TestResultWithoutTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	o := newOrganization(t)
	for name, set := range map[string]func(*app.App){
		"jq":            func(a *app.App) { a.Flags.JQ = ".id" },
		"jq fails":      func(a *app.App) { a.Flags.JQ = ".key | error" },
		"fields":        func(a *app.App) { a.Flags.Fields = []string{"id"} },
		"unknown field": func(a *app.App) { a.Flags.Fields, a.Flags.JSON = []string{"nope"}, true },
	} {
		before := o.server.Counts().Writes
		got := o.as(canary, set, "create", "ci-evals")
		if got.err == nil || o.server.Counts().Writes != before {
			t.Errorf("%s: error %v after %d writes", name, got.err, o.server.Counts().Writes-before)
		}
	}
	got := o.as(canary, func(a *app.App) { a.Flags.JQ = `"\(.key)"` }, "create", "ci-evals")
	if got.err != nil || !strings.HasPrefix(got.out.String(), "bt-st-") {
		t.Errorf("printed %q, error %v", got.out, got.err)
	}
}
