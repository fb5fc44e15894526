package braintrust

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// maxPages ends a list that a server never ends.
const maxPages = 10_000

// mostAgain is how often Patient has one page asked for again.
const mostAgain = 2

// patientKey marks a context of Patient.
type patientKey struct{}

// Patient returns a context in which a page of a list that fails although it was repeated is asked for again, as long as
// the server answers other calls. It is for whoever needs many lists, all of them complete.
func Patient(ctx context.Context) context.Context { return context.WithValue(ctx, patientKey{}, true) }

// Collect reads a whole list. On an error it returns nothing: a partial list is never used.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// listing is one list endpoint with its filters.
type listing[T any] struct {
	path   string
	query  url.Values
	id     func(*T) string
	decode func(request, *answer) ([]T, error)
	shrink bool   // ask for smaller pages when one is too large: objects can carry much
	after  string // begin after the item with this id
	absent bool   // a 404 for the first page means that there is none
}

// failed is a list that could not begin.
func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// list reads page after page until an empty one: the API promises nothing about a short page. An
// error is yielded once, as the last element. Ids that come twice mean that the server's pages do not
// fit together, which is an error too. Ranging over the result again reads the list again.
func list[T any](ctx context.Context, c *Client, l listing[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		seen := make(map[string]struct{})
		limit, after, again := c.pageSize, l.after, 0
		for range maxPages {
			page, r, err := fetch(ctx, c, l, limit, after)
			if err != nil && again < mostAgain && ctx.Value(patientKey{}) != nil && ctx.Err() == nil && IsTransient(err) && !c.Exhausted() {
				again++
				continue
			}
			again = 0
			if errors.Is(err, errTooLarge) && l.shrink && limit > 1 {
				limit = max(1, limit/8)
				continue
			}
			if l.absent && after == "" && isStatus(err, http.StatusNotFound) {
				return
			}
			if err != nil {
				yield(none, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for i := range page {
				id := l.id(&page[i])
				if _, twice := seen[id]; twice || id == "" {
					yield(none, r.repeats(id))
					return
				}
				seen[id] = struct{}{}
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			after = l.id(&page[len(page)-1])
		}
		yield(none, fmt.Errorf("GET %s: the list does not end after %d pages", l.path, maxPages))
	}
}

func fetch[T any](ctx context.Context, c *Client, l listing[T], limit int, after string) ([]T, request, error) {
	query := maps.Clone(l.query)
	if query == nil {
		query = url.Values{}
	}
	query.Set("limit", strconv.Itoa(limit))
	if after != "" {
		query.Set("starting_after", after)
	}
	r := request{method: http.MethodGet, path: l.path, query: query}
	a, err := c.send(ctx, r)
	if err != nil {
		return nil, r, err
	}
	page, err := l.decode(r, a)
	return page, r, err
}

func (r request) repeats(id string) error {
	err := errNoID
	if id != "" {
		err = fmt.Errorf("the list is not complete: %s comes twice, so its pages do not fit together", id)
	}
	return &AnswerError{Method: r.method, Path: r.path, Err: err}
}

// objects reads {"objects": [...]}. The name must be there: any JSON object would be an empty list else.
func objects[T any](r request, a *answer) ([]T, error) {
	page, err := decode[struct {
		Objects *[]T `json:"objects"`
	}](r, a)
	if err != nil {
		return nil, err
	}
	if page.Objects == nil {
		return nil, r.strange(a, errors.New(`the answer has no list "objects"`))
	}
	return *page.Objects, nil
}

func isStatus(err error, status int) bool {
	var api *APIError
	return errors.As(err, &api) && api.Status == status
}

// filter builds a query; empty values are left out and several values repeat the parameter.
type filter url.Values

func (f filter) add(name string, values ...string) filter {
	for _, value := range values {
		if value != "" {
			url.Values(f).Add(name, value)
		}
	}
	return f
}
