package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// client sends one request for one call: no retries, no batches, nothing kept.
type client struct {
	url, key        string
	membersByUpdate bool
	http            *http.Client
}

// newClient keeps as many connections as Terraform works in parallel. The default of the standard library is two, so that a
// provider that leaves it as it is opens a connection for most of its requests.
func newClient(s settings) *client {
	return &client{
		url: s.URL.ValueString(), key: s.Key.ValueString(), membersByUpdate: s.MembersByUpdate.ValueBool(),
		http: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
}

// refused is an answer that is not a success.
type refused struct {
	status int
	body   string
}

func (r *refused) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.body) }

// do sends a body, when there is one, and decodes the answer into what is wanted.
func (c *client) do(ctx context.Context, method, path string, body, answer any) error {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, sent)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return &refused{resp.StatusCode, string(raw)}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(raw, answer)
}
