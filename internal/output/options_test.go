package output_test

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/iostreams"
	"btadmin/internal/output"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		o             output.Options
		message, hint string
	}{
		"format":        {output.Options{Format: "jsn"}, `unknown output format "jsn": use table, json, jsonl, yaml, csv, tsv`, "did you mean -o json?"},
		"hostile":       {output.Options{Format: "\x1b[2J"}, `unknown output format "\x1b[2J"`, ""},
		"jq and csv":    {output.Options{Format: output.FormatCSV, JQ: "."}, "cannot be combined with -o csv", ""},
		"jq syntax":     {output.Options{JQ: ".[] | select("}, "--jq: unexpected EOF at character 14", "it can be read up to here: .[] | select("},
		"jq input":      {output.Options{JQ: "input"}, "input(s)/0 is not allowed", "the expression is input"},
		"jq file":       {output.Options{JQ: `import "/etc/passwd" as $x; .`}, "--jq: ", `the expression is import "/etc/passwd" as $x; .`},
		"jq function":   {output.Options{JQ: "nothere"}, "function not defined: nothere/0", "the expression is nothere"},
		"empty field":   {output.Options{Fields: []string{"id", " "}}, "--fields has an empty name", ""},
		"jq and tables": {output.Options{Format: "TABLE", JQ: "."}, "cannot be combined with -o table", ""},
	} {
		streams, _, _ := iostreams.Test("")
		_, err := output.New(streams, tt.o)
		var usage *output.UsageError
		if !errors.As(err, &usage) || !strings.Contains(usage.Error(), tt.message) || usage.Hint() != tt.hint {
			t.Errorf("%s: got %v, hint %q", name, err, usage.Hint())
		}
	}
}

func TestFormatInUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		tty    bool
		o      output.Options
		format output.Format
		human  bool
		json   bool
	}{
		{true, output.Options{}, output.FormatTable, true, false},
		{false, output.Options{}, output.FormatTSV, true, false},
		{true, output.Options{Format: "JSON"}, output.FormatJSON, false, true},
		{true, output.Options{JQ: "."}, output.FormatJSON, false, true},
		{true, output.Options{JQ: ".", Format: output.FormatJSONL}, output.FormatJSONL, false, true},
		{false, output.Options{Format: output.FormatYAML}, output.FormatYAML, false, false},
	} {
		p, _, _ := printer(t, setting{tty: tt.tty, o: tt.o})
		if p.Format() != tt.format || p.Human() != tt.human || p.JSON() != tt.json {
			t.Errorf("%+v: %s, %v, %v", tt, p.Format(), p.Human(), p.JSON())
		}
	}
}

func TestUnknownFieldListsTheKnown(t *testing.T) {
	t.Parallel()
	const known = "id, name, description, member_users, member_count, built_in, created"
	for _, format := range output.Formats() {
		p, out, _ := printer(t, setting{o: output.Options{Format: format, Fields: []string{"id", "nmae"}}})
		for call, err := range map[string]error{
			"List":   output.List(p, columns(), groups()),
			"empty":  output.List(p, columns(), nil),
			"Object": output.Object(p, columns(), groups()[0]),
		} {
			var usage *output.UsageError
			if !errors.As(err, &usage) || !strings.Contains(usage.Message, `unknown field "nmae": the fields are `+known) || usage.Advice != "did you mean name?" {
				t.Errorf("%s, %s: got %v", format, call, err)
			}
		}
		if out.Len() > 0 {
			t.Errorf("%s: there is output: %q", format, out)
		}
	}
}

func TestFieldsOfAColumnWithoutJSON(t *testing.T) {
	t.Parallel()
	cols := append(columns(), output.Column[group]{Field: "matrix", Header: "MATRIX", Text: func(group) string { return "x" }})
	p, out, _ := printer(t, setting{o: output.Options{Fields: []string{"matrix"}}})
	if err := output.List(p, cols, groups()[:1]); err != nil || out.String() != "x\n" {
		t.Errorf("got %q, %v", out, err)
	}
	p, _, _ = printer(t, setting{o: output.Options{Format: output.FormatJSON, Fields: []string{"matrix"}}})
	if err := output.List(p, cols, groups()[:1]); err == nil {
		t.Error("JSON has no such field")
	}
}

func TestFieldsOfDocuments(t *testing.T) {
	t.Parallel()
	p, out, _ := printer(t, setting{o: output.Options{Fields: []string{"b", "a"}}})
	if err := output.Value(p, map[string]any{"a": 1, "b": []int{}, "c": true}); err != nil || out.String() != "{\"b\":[],\"a\":1}\n" {
		t.Errorf("got %q, %v", out, err)
	}
	p, _, _ = printer(t, setting{o: output.Options{Fields: []string{"d"}}})
	if err := output.Value(p, map[string]any{"a": 1, "b": 2}); err == nil || !strings.Contains(err.Error(), `unknown field "d": the fields are a, b`) {
		t.Errorf("got %v", err)
	}
	p, _, _ = printer(t, setting{o: output.Options{Fields: []string{"\x1b[2J"}}})
	if err := output.Value(p, map[string]any{}); err == nil || !strings.Contains(err.Error(), `unknown field "\x1b[2J": this result has no fields`) {
		t.Errorf("got %v", err)
	}
	if err := output.Value(p, 7); err == nil || !strings.Contains(err.Error(), "--fields works on objects") {
		t.Errorf("got %v", err)
	}
}

// embedded is how a noun adds resolved names to an object of the API.
type embedded struct {
	group   `json:",embed"`
	Hidden  string `json:"-"`
	Renamed string `json:"renamed,omitempty"`
	secret  string
}

func TestFieldsOfEmbeddedStructs(t *testing.T) {
	t.Parallel()
	p, _, _ := printer(t, setting{o: output.Options{Format: output.FormatJSON, Fields: []string{"x"}}})
	err := output.List(p, []output.Column[*embedded]{}, []*embedded{{secret: "s"}})
	if err == nil || !strings.Contains(err.Error(), "created, renamed") || strings.Contains(err.Error(), "Hidden") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestJQ(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ jq, want, err string }{
		"select":       {`.[] | select(.name | startswith("O")) | .id`, "7f0c3e1a-0000-4000-8000-000000000001\n", ""},
		"length":       {"length", "3\n", ""},
		"nothing":      {"empty", "", ""},
		"many":         {".[].member_count", "2\n0\n0\n", ""},
		"halt":         {`.[0].name, halt, "x"`, "Owners\n", ""},
		"type error":   {`.[0].name, (.[0].name | keys), "x"`, "Owners\n", "--jq: "},
		"no env":       {`env | length`, "0\n", ""},
		"no env 2":     {`$ENV | length`, "0\n", ""},
		"big number":   {`12345678901234567890`, "12345678901234567890\n", ""},
		"error string": {`error("\u001b[2J")`, "", `\x1b[2J`},
	} {
		p, out, _ := printer(t, setting{o: output.Options{JQ: tt.jq}})
		err := output.List(p, columns(), groups())
		var usage *output.UsageError
		if (tt.err == "") != (err == nil) || (err != nil && (!errors.As(err, &usage) || !strings.Contains(err.Error(), tt.err))) {
			t.Errorf("%s: got %v", name, err)
		}
		if out.String() != tt.want {
			t.Errorf("%s: got %q, want %q", name, out, tt.want)
		}
	}
}
