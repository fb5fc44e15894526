package braintrust_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"btadmin/pkg/braintrust"
)

// A list is read page by page; Collect reads all of it or nothing.
func Example() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("starting_after") {
			fmt.Fprint(w, `{"objects":[]}`)
			return
		}
		fmt.Fprint(w, `{"objects":[{"id":"2","name":"QA"},{"id":"1","name":"Owners"}]}`)
	}))
	defer api.Close()

	client, err := braintrust.New(braintrust.Config{BaseURL: api.URL, Key: braintrust.NewSecret("sk-example")})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	groups, err := braintrust.Collect(client.Groups(context.Background(), braintrust.GroupFilter{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range groups {
		fmt.Println(group.Name)
	}
	// Output:
	// QA
	// Owners
}
