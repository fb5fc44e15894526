package resolve_test

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

func demo(t *testing.T) (*resolve.Resolver, *braintrust.Client, *sandbox.Server) {
	t.Helper()
	server, err := sandbox.NewMemory(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return resolve.New(client), client, server
}

func TestTargets(t *testing.T) {
	t.Parallel()
	r, client, _ := demo(t)
	for _, name := range []string{"a/b", "a=b", "a"} {
		if _, err := client.CreateProject(t.Context(), braintrust.ProjectCreate{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ ref, want string }{
		{"organization", "organization"},
		{"all-projects", "all-projects"},
		{"members", "members"},
		{"audit-logs", "audit-logs"},
		{"project:Chatbot", "project:Chatbot"},
		{"project:a/b", "project:a/b"},
		{"project:a=b", "project:a=b"},
		{"logs:Chatbot", "logs:Chatbot"},
		{"experiment:Chatbot/baseline", "experiment:Chatbot/baseline"},
		{"dataset:Chatbot/golden-questions", "dataset:Chatbot/golden-questions"},
		{"prompt:Chatbot/system-prompt", "prompt:Chatbot/system-prompt"},
		{"function:Chatbot/tone-scorer", "function:Chatbot/tone-scorer"},
		{"group:Evaluators", "group:Evaluators"},
		{"role:Owner", "role:Owner"},
		{"teapot:866a8a8a-fee9-4a5b-8278-12970de499c2", "teapot:866a8a8a-fee9-4a5b-8278-12970de499c2"},
	} {
		target, err := r.Target(t.Context(), tt.ref)
		if err != nil || target.Ref != tt.want || target.Node.ID == "" {
			t.Errorf("Target(%q) = %+v, %v", tt.ref, target, err)
		}
	}
}

func TestUnknownNamesSuggestTheNearest(t *testing.T) {
	t.Parallel()
	r, _, _ := demo(t)
	for _, tt := range []struct{ ref, hint string }{
		{"project:Chatbto", `"Chatbot"`},
		{"experiment:Chatbot/baselin", `"Chatbot/baseline"`},
		{"experiment:Chatbto/baseline", `"Chatbot"`},
		{"proejct:Chatbot", `"project:Chatbot"`},
		{"organisation", `"organization"`},
		{"playground:Tone", "playground:UUID"},
	} {
		_, err := r.Target(t.Context(), tt.ref)
		var bad *exit.Error
		if !errors.As(err, &bad) || bad.Code != exit.BadInput || !strings.Contains(bad.Hint, tt.hint) {
			t.Errorf("Target(%q): %v, hint %q", tt.ref, err, hint(err))
		}
	}
	_, err := r.Principal(t.Context(), "Evaluatros")
	var bad *exit.Error
	if !errors.As(err, &bad) || bad.Code != exit.BadInput {
		t.Errorf("Principal: %v", err)
	}
}

func hint(err error) string {
	var e *exit.Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// Two readings of one reference that both name something are an ambiguity, never a guess.
func TestAmbiguousReadings(t *testing.T) {
	t.Parallel()
	r, client, _ := demo(t)
	for _, name := range []string{"a", "a/b"} {
		project, err := client.CreateProject(t.Context(), braintrust.ProjectCreate{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		object := map[string]string{"a": "b/c", "a/b": "c"}[name]
		body := `{"project_id":"` + project.Object.ID + `","name":"` + object + `"}`
		if _, err := client.Do(t.Context(), "POST", "/v1/experiment", nil, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.Target(t.Context(), "experiment:a/b/c")
	if err == nil || !strings.Contains(err.Error(), "ambiguous") {
		t.Errorf("error %v", err)
	}
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	r, _, _ := demo(t)
	for _, tt := range []struct{ ref, want string }{
		{"user:bo@acme.example.com", "user:bo@acme.example.com"},
		{"BO@ACME.example.com", "user:bo@acme.example.com"},
		{"group:Evaluators", "group:Evaluators"},
		{"Evaluators", "group:Evaluators"},
		{"sa:ci-evals", "service-account:ci-evals"},
		{"service-account:ci-evals", "service-account:ci-evals"},
	} {
		who, err := r.Principal(t.Context(), tt.ref)
		if err != nil || who.Ref != tt.want {
			t.Errorf("Principal(%q) = %+v, %v", tt.ref, who, err)
		}
	}
}

// One list a kind for a whole run, and none where a filter will do.
func TestRequestsAreFew(t *testing.T) {
	t.Parallel()
	r, client, _ := demo(t)
	for range 3 {
		if _, err := r.UsersNamed(t.Context(), []string{"bo@acme.example.com", "dana@acme.example.com", "goran@acme.example.com"}); err != nil {
			t.Fatal(err)
		}
	}
	if reads, _ := client.Requests(); reads > 2 { // a list and its empty page
		t.Errorf("%d reads", reads)
	}
}

// A batch of thousands looks each of its names up once; one in which all are wrong still ends soon, and the
// first mistakes come with a suggestion.
func TestThousandsOfNames(t *testing.T) {
	t.Parallel()
	const people = 3000
	server, err := sandbox.NewMemory(sandbox.Options{Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: people, Groups: 1, Projects: 1, ACLs: 1}})
	if err != nil {
		t.Fatal(err)
	}
	client, err := braintrust.New(braintrust.Config{BaseURL: "http://127.0.0.1", Key: server.Seeded().TokenKey, Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	r := resolve.New(client)
	users, err := r.Users(t.Context())
	if err != nil || len(users) != people+2 {
		t.Fatalf("%d users, %v", len(users), err)
	}
	before, _ := client.Requests()
	for _, want := range users {
		for _, typed := range []string{want.ID, strings.ToUpper(want.ID), want.Email, strings.ToUpper(want.Email)} {
			if got, err := r.User(t.Context(), typed); err != nil || got.ID != want.ID {
				t.Fatalf("User(%q) = %q, %v; want %q", typed, got.ID, err, want.ID)
			}
		}
		if label := r.Seen().Principal(access.Principal{Kind: access.PrincipalUser, ID: want.ID}); !strings.HasSuffix(label, ":"+want.Email) && !strings.HasPrefix(label, "service-account:") {
			t.Errorf("%s is called %q", want.Email, label)
		}
		_, err := r.User(t.Context(), "x"+want.Email)
		var bad *exit.Error
		if !errors.As(err, &bad) || bad.Code != exit.BadInput {
			t.Errorf("a wrong name: %v", err)
		}
	}
	if after, _ := client.Requests(); after != before {
		t.Errorf("%d more requests", after-before)
	}
}
