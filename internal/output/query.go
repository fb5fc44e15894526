package output

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/itchyny/gojq"

	"btadmin/internal/text"
)

// query is a compiled jq program. It reads no environment, no files and no further input, so that an expression
// from somebody else learns nothing but the document.
type query struct {
	source string
	code   *gojq.Code
	ctx    context.Context
}

func compile(source string) (*query, error) {
	parsed, err := gojq.Parse(source)
	if err != nil {
		return nil, parseError(source, err)
	}
	code, err := gojq.Compile(parsed)
	if err != nil {
		return nil, &UsageError{Message: "--jq: " + text.Visible(err.Error()), Advice: "the expression is " + text.Visible(source)}
	}
	return &query{source: source, code: code, ctx: context.Background()}, nil
}

// WithContext returns a Printer whose jq program ends when ctx does.
func (p *Printer) WithContext(ctx context.Context) *Printer {
	c := *p
	if p.query != nil {
		q := *p.query
		q.ctx = ctx
		c.query = &q
	}
	return &c
}

// parseError says at which character the expression stops being jq.
func parseError(source string, err error) error {
	var parse *gojq.ParseError
	if !errors.As(err, &parse) {
		return &UsageError{Message: "--jq: " + text.Visible(err.Error())}
	}
	end := min(max(parse.Offset-len(parse.Token), 0), len(source))
	position := len([]rune(source[:end])) + 1
	e := &UsageError{Message: fmt.Sprintf("--jq: %s at character %d", text.Visible(err.Error()), position)}
	if before := source[:end]; strings.TrimSpace(before) != "" {
		e.Advice = "it can be read up to here: " + text.Visible(before)
	}
	return e
}

// run prints every result of the program on raw: strings as they are, anything else as JSON.
func (q *query) run(p *Printer, w *sink, raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // numbers stay exact
	var document any
	if err := d.Decode(&document); err != nil {
		return fmt.Errorf("reading the result back for --jq: %w", err)
	}
	results := q.code.RunWithContext(q.ctx, document)
	for {
		v, ok := results.Next()
		if !ok {
			return w.failed()
		}
		if err, bad := v.(error); bad {
			return q.failure(w, err)
		}
		if err := q.print(p, w, v); err != nil {
			return err
		}
		if err := w.failed(); err != nil {
			return err
		}
	}
}

func (q *query) print(p *Printer, w *sink, v any) error {
	if s, ok := v.(string); ok {
		if p.streams.OutTTY {
			s = text.VisibleLines(s)
		}
		w.line(p, s)
		return nil
	}
	encoded, err := gojq.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding a result of --jq: %w", err)
	}
	out, err := finish(encoded, p.pretty())
	if err != nil {
		return err
	}
	w.bytes(out)
	w.str("\n")
	return nil
}

// failure turns an error of the program into one of the user's: `halt` ends well, everything else is the
// expression's fault. What was printed before stays printed, as with jq.
func (q *query) failure(w *sink, err error) error {
	if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.Value() == nil {
		return w.failed()
	}
	if q.ctx.Err() != nil {
		return q.ctx.Err()
	}
	if ferr := w.flush(); ferr != nil {
		return ferr
	}
	return &UsageError{Message: "--jq: " + text.Trim(text.Visible(err.Error()), 300), Advice: "the expression is " + text.Visible(q.source)}
}
