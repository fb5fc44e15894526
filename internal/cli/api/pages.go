package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// pageSize is asked for when the command line does not say: the API declares no default.
const pageSize = "1000"

// readAll reads a list page by page until an empty one, as a short page is not the end, and answers with one
// body in the shape of the first.
func readAll(ctx context.Context, client *braintrust.Client, r request) (*braintrust.Response, error) {
	query := url.Values{}
	for key, values := range r.query {
		query[key] = values
	}
	if query.Has("ending_before") {
		return nil, exit.BadInputf("--paginate and ending_before exclude each other")
	}
	if !query.Has("limit") {
		query.Set("limit", pageSize)
	}
	var all []jsontext.Value
	seen := map[string]bool{}
	bare := false
	for {
		response, err := client.Do(ctx, r.method, r.path, query, nil)
		if err != nil {
			return response, err
		}
		page, isBare, err := pageOf(response.Body)
		if err != nil {
			return nil, fmt.Errorf("GET %s: %w", r.path, err)
		}
		if len(page) == 0 {
			response.Body, err = join(all, bare || len(all) == 0 && isBare)
			return response, err
		}
		bare = isBare
		all = append(all, page...)
		last, err := idOf(page[len(page)-1])
		if err != nil {
			return nil, fmt.Errorf("GET %s: %w", r.path, err)
		}
		if seen[last] {
			return nil, fmt.Errorf("GET %s: the server repeats its pages", r.path)
		}
		seen[last] = true
		query.Set("starting_after", last)
	}
}

var errNoList = errors.New("the answer is no list: --paginate belongs to endpoints that list things")

// pageOf finds the things in {"objects":[...]} or a bare array.
func pageOf(body []byte) (page []jsontext.Value, bare bool, err error) {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && body[0] == '[' {
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, true, errNoList
		}
		return page, true, nil
	}
	var wrapped struct {
		Objects *[]jsontext.Value `json:"objects"`
	}
	if err := json.Unmarshal(body, &wrapped); err != nil || wrapped.Objects == nil {
		return nil, false, errNoList
	}
	return *wrapped.Objects, false, nil
}

func idOf(thing jsontext.Value) (string, error) {
	var named struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(thing, &named); err != nil || named.ID == "" {
		return "", errors.New("the last thing of a page has no id, so the next page cannot be asked for")
	}
	return named.ID, nil
}

func join(all []jsontext.Value, bare bool) ([]byte, error) {
	if all == nil {
		all = []jsontext.Value{}
	}
	if bare {
		return json.Marshal(all)
	}
	return json.Marshal(struct {
		Objects []jsontext.Value `json:"objects"`
	}{all})
}
