package braintrust_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"btadmin/pkg/braintrust"
)

// An answer that says no is an *APIError; IsForbidden, IsNotFound and IsUnauthorized tell what it means, because servers
// say it in several ways.
func ExampleAPIError() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "r1")
		http.Error(w, `{"error":"missing read access"}`, http.StatusForbidden)
	}))
	defer api.Close()
	client, err := braintrust.New(braintrust.Config{BaseURL: api.URL, Key: braintrust.NewSecret("sk-example")})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Group(context.Background(), "b1b1b1b1-0000-4000-8000-000000000000")
	var refused *braintrust.APIError
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Message, refused.RequestID, braintrust.IsForbidden(err))
	}
	// Output:
	// 403 missing read access r1 true
}

// What may be repeated is: reads, and writes that have the same effect twice. RetryPolicy says how often.
func ExampleRetryPolicy() {
	calls := 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, `{"objects":[]}`)
	}))
	defer api.Close()
	client, err := braintrust.New(braintrust.Config{
		BaseURL: api.URL, Key: braintrust.NewSecret("sk-example"),
		Retry: braintrust.RetryPolicy{Sleep: func(context.Context, time.Duration) error { return nil }},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	groups, err := braintrust.Collect(client.Groups(context.Background(), braintrust.GroupFilter{}))
	fmt.Println(len(groups), err, calls)
	// Output:
	// 0 <nil> 3
}
