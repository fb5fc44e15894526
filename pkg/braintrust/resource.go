package braintrust

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

// Created is what a create call answers. The API gets or creates by natural key: if Existed is true,
// Object is what was there before, unchanged. Attempts counts the answered request and the earlier
// ones that may have been carried out; with more than one, an object that existed may be the work of
// the first.
type Created[T any] struct {
	Object   T
	Existed  bool
	Attempts int
}

// resource is an endpoint that has objects with ids.
type resource[T any] struct {
	path string
	id   func(*T) string
}

func (s resource[T]) list(ctx context.Context, c *Client, f filter) iter.Seq2[T, error] {
	return list(ctx, c, listing[T]{path: s.path, query: url.Values(f), id: s.id, decode: objects[T]})
}

func (s resource[T]) get(ctx context.Context, c *Client, id string) (T, error) {
	return s.one(ctx, c, http.MethodGet, id, nil)
}

func (s resource[T]) update(ctx context.Context, c *Client, id string, patch any) (T, error) {
	return s.one(ctx, c, http.MethodPatch, id, patch)
}

func (s resource[T]) remove(ctx context.Context, c *Client, id string) (T, error) {
	return s.one(ctx, c, http.MethodDelete, id, nil)
}

// one calls the endpoint of one object.
func (s resource[T]) one(ctx context.Context, c *Client, method, id string, body any) (T, error) {
	path, err := itemPath(s.path, id)
	if err != nil {
		var none T
		return none, err
	}
	object, _, err := s.call(ctx, c, method, path, body)
	return object, err
}

func (s resource[T]) create(ctx context.Context, c *Client, body any) (Created[T], error) {
	object, a, err := s.call(ctx, c, http.MethodPost, s.path, body)
	if err != nil {
		return Created[T]{}, err
	}
	return Created[T]{Object: object, Existed: foundExisting(a.header), Attempts: a.attempts}, nil
}

// call sends one request and reads the object that it answers.
func (s resource[T]) call(ctx context.Context, c *Client, method, path string, body any) (T, *answer, error) {
	var none T
	r := request{method: method, path: path}
	if body != nil {
		var err error
		if r, err = write(method, path, body); err != nil {
			return none, nil, err
		}
	}
	a, err := c.send(ctx, r)
	if err != nil {
		return none, nil, err
	}
	object, err := decode[T](r, a)
	if err != nil {
		return none, nil, err
	}
	if s.id(&object) == "" {
		return none, nil, r.strange(a, errNoID)
	}
	return object, a, nil
}

// foundExisting reads the header that tells get from create.
func foundExisting(header http.Header) bool {
	switch strings.ToLower(strings.TrimSpace(header.Get("X-Bt-Found-Existing"))) {
	case "", "false", "0", "no":
		return false
	}
	return true
}
