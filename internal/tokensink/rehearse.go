package tokensink

import (
	"bytes"
	"fmt"

	"btadmin/internal/exit"
	"btadmin/internal/output"
)

// rehearse prints the result with two made-up keys to nowhere. A --jq or --fields that fails would lose the
// secret after it was minted; one that prints the same for both keys leaves it out.
func (s *Sink) rehearse() error {
	first, err := s.rehearsal("bt-st-rehearsal-aaaa")
	if err != nil {
		return err
	}
	second, err := s.rehearsal("bt-st-rehearsal-bbbb")
	if err != nil {
		return err
	}
	if first == second {
		return exit.BadInputf("what --jq or --fields keeps has no token in it, and the token is shown only once").
			WithHint("add the field key, or write the token to a file with --out FILE")
	}
	return nil
}

func (s *Sink) rehearsal(key string) (string, error) {
	var out bytes.Buffer
	streams := *s.Streams
	streams.Out, streams.OutFile = &out, nil
	options := s.Query
	options.Format = s.Printer.Format()
	p, err := output.New(&streams, options)
	if err != nil {
		return "", err
	}
	if err := s.Document(p, key); err != nil {
		return "", fmt.Errorf("the result could not be printed, so that the token would be lost: %w", err)
	}
	return out.String(), nil
}
