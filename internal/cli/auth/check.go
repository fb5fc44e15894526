package auth

import (
	"context"
	"errors"
	"time"

	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

// patience bounds a live check: somebody who asks whether a key works does not wait for a minute of retries.
const patience = 20 * time.Second

// verdict is what a live check found.
type verdict string

// The verdicts.
const (
	usable  verdict = "usable"
	refused verdict = "refused" // by the server, or by us before anything was sent
	noKey   verdict = "no_key"
	unknown verdict = "unknown" // the server did not answer in a way that tells
)

func (v verdict) words() string {
	switch v {
	case usable:
		return "usable: the server takes the key"
	case refused:
		return "refused: the key is of no use there"
	case noKey:
		return "no key"
	}
	return "unknown: the server could not be asked"
}

// probe asks the API for the organizations of the key, which every key may read.
// It returns the name of the first, which is the one in use when there is no other.
func probe(ctx context.Context, client *braintrust.Client) (name string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for org, err := range client.Organizations(ctx, braintrust.OrganizationFilter{}) {
		return org.Name, err // one answer is enough
	}
	return "", nil
}

// judge turns the reason why a key could not be tried or was refused into a verdict and the error of exit code 2 or 3.
func (s *state) judge(err error) error {
	s.Detail = err.Error()
	if errors.Is(err, context.Canceled) {
		s.Status = unknown
		return err
	}
	var api *braintrust.APIError
	var coded *exit.Error
	says := errors.As(err, &coded)
	switch {
	case errors.As(err, &api) && (api.Status == 401 || api.Status == 403):
		s.Status = refused
		return exit.New(exit.Auth, err).WithHint("%s", api.Hint())
	case says && s.Key == "" && (coded.Code == exit.Auth || coded.Code == exit.BadInput):
		s.Status = noKey
		return err
	case says && coded.Code == exit.Auth:
		s.Status = refused
		return err
	case says && coded.Code == exit.BadInput: // such as a --ca-cert that is no certificate: nobody was asked
		s.Status = unknown
		return err
	}
	s.Status = unknown
	return exit.New(exit.Network, err).WithHint("%s", advice(err))
}

// advice is the hint inside an error, "" when there is none.
func advice(err error) string {
	var coded *exit.Error
	if errors.As(err, &coded) && coded.Hint != "" {
		return coded.Hint
	}
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) {
		return hinter.Hint()
	}
	return ""
}
