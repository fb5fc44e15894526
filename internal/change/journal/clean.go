package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// cleaned is an entry whose free text has gone through redact: what people typed, what servers answered. Ids,
// names of fields and numbers stay.
func (e Entry) cleaned(redact func(string) string) (Entry, error) {
	if redact == nil {
		return e, nil
	}
	all := func(texts []string) []string {
		var out []string
		for _, text := range texts {
			out = append(out, redact(text))
		}
		return out
	}
	e.Argv, e.Lines, e.RequestIDs = all(e.Argv), all(e.Lines), all(e.RequestIDs)
	e.Reason, e.Error = redact(e.Reason), redact(e.Error)
	var err error
	e.Change, err = cleanedValue(e.Change, redact)
	return e, err
}

// cleanedValue rewrites the strings of a document. Each is looked at alone, so that a field that is only called
// like a secret ("token_name") keeps its value.
func cleanedValue(value jsontext.Value, redact func(string) string) (jsontext.Value, error) {
	if len(value) == 0 {
		return value, nil
	}
	var out bytes.Buffer
	in, to := jsontext.NewDecoder(bytes.NewReader(value)), jsontext.NewEncoder(&out)
	for {
		token, err := in.ReadToken()
		if errors.Is(err, io.EOF) {
			return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
		}
		if err != nil {
			return nil, fmt.Errorf("write the journal: %w", err)
		}
		if token.Kind() == '"' && !isName(in) {
			token = jsontext.String(redact(token.String()))
		}
		if err := to.WriteToken(token); err != nil {
			return nil, fmt.Errorf("write the journal: %w", err)
		}
	}
}

// isName reports whether the token that was read last is the name of a field.
func isName(in *jsontext.Decoder) bool {
	kind, length := in.StackIndex(in.StackDepth())
	return kind == '{' && length%2 == 1
}
