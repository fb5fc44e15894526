package output_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"btadmin/internal/output"
	"btadmin/internal/text"
)

type pair struct {
	A string            `json:"a"`
	B string            `json:"b"`
	M map[string]string `json:"m"`
}

func pairColumns() []output.Column[pair] {
	return []output.Column[pair]{
		{Field: "a", Header: "A", Text: func(p pair) string { return p.A }},
		{Field: "b", Header: "B", Text: func(p pair) string { return p.B }},
	}
}

// parseCSV is RFC 4180 to the letter, but for LF as the end of a record. The standard library's reader would turn
// CR LF inside a cell into LF.
func parseCSV(s string) ([][]string, error) {
	var records [][]string
	for s != "" {
		var record []string
		for more := true; more; {
			var cell strings.Builder
			if rest, ok := strings.CutPrefix(s, `"`); ok {
				for s = rest; ; {
					i := strings.IndexByte(s, '"')
					if i < 0 {
						return nil, errors.New("open quote")
					}
					cell.WriteString(s[:i])
					if s = s[i+1:]; !strings.HasPrefix(s, `"`) {
						break
					}
					cell.WriteByte('"')
					s = s[1:]
				}
			} else {
				i := strings.IndexAny(s, ",\n\"\r")
				if i < 0 || s[i] == '"' || s[i] == '\r' {
					return nil, errors.New("a cell needs quotes")
				}
				cell.WriteString(s[:i])
				s = s[i:]
			}
			record = append(record, cell.String())
			if s == "" || (s[0] != ',' && s[0] != '\n') {
				return nil, errors.New("text behind a quote")
			}
			more = s[0] == ','
			s = s[1:]
		}
		records = append(records, record)
	}
	return records, nil
}

// FuzzC7Output: every format tells exactly what there is, or shows that it does not; nothing reaches a terminal or
// a CI log that it would obey.
func FuzzC7Output(f *testing.F) {
	for _, s := range []string{
		"", "QA", "=1+1", "'=1", "\t=1", "\r\n", "a\r\nb\rc", `a"b,c`, "\x1b[2J", "\u202E\u200B\U000E0041", "\xff", "::error::x", "\n::error::x", "##[x]",
		"###vso[y]", "no", "1e3", "0x1F", "2026-01-02", "- a", "# c", "a: b", "~", "\u0085\u2028\uFEFF", "\\u0023", "<script>&", " x ", "|", "日本", "\x7f",
	} {
		f.Add(s, s)
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		rows := []pair{{A: a, B: b, M: map[string]string{b: a}}, {A: b, B: a}}
		print := func(o output.Options, tty, ci bool) string {
			p, out, _ := printer(t, setting{tty: tty, ci: ci, width: 40, o: o})
			if err := output.List(p, pairColumns(), rows); err != nil {
				t.Fatalf("%+v: %v", o, err)
			}
			return out.String()
		}
		exactCSV(t, rows, print(output.Options{Format: output.FormatCSV}, false, false), text.CSVCell)
		exactCSV(t, rows, print(output.Options{Format: output.FormatCSV, CSVRaw: true}, false, false), func(s string) string { return s })
		if utf8.ValidString(a) && utf8.ValidString(b) {
			exactJSONAndYAML(t, rows, print)
		}
		for _, o := range []output.Options{
			{}, {Format: output.FormatTable}, {Format: output.FormatJSON}, {Format: output.FormatJSONL}, {Format: output.FormatYAML}, {Format: output.FormatCSV}, {JQ: ".[]|.a,.b,.m"},
		} {
			for _, tty := range []bool{true, false} {
				harmless(t, o, tty, print(o, tty, true))
			}
		}
		if tsv := print(output.Options{}, false, false); strings.Count(tsv, "\n") != 2 || strings.Count(tsv, "\t") != 2 {
			t.Errorf("%q: the records are %q", rows, tsv)
		}
		for line := range strings.Lines(print(output.Options{}, true, false)) {
			if text.Width(strings.TrimSuffix(line, "\n")) > 40 {
				t.Errorf("%q: the line %q is too wide", rows, line)
			}
		}
	})
}

func exactCSV(t *testing.T, rows []pair, printed string, cell func(string) string) {
	t.Helper()
	records, err := parseCSV(printed)
	if err != nil {
		t.Fatalf("B5: %q: %v", printed, err)
	}
	want := [][]string{{"a", "b"}}
	for _, r := range rows {
		want = append(want, []string{cell(r.A), cell(r.B)})
	}
	if diff := cmp.Diff(want, records); diff != "" {
		t.Errorf("B5: %q: (-want +got)\n%s", printed, diff)
	}
}

func exactJSONAndYAML(t *testing.T, rows []pair, print func(o output.Options, tty, ci bool) string) {
	t.Helper()
	want := []pair{rows[0], {A: rows[1].A, B: rows[1].B, M: map[string]string{}}}
	for _, tty := range []bool{true, false} {
		for _, o := range []output.Options{{Format: output.FormatJSON}, {JQ: "."}} {
			var got []pair
			printed := print(o, tty, true)
			if err := json.Unmarshal([]byte(printed), &got); err != nil {
				t.Fatalf("B1: %q: %v", printed, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("B1: %q: (-want +got)\n%s", printed, diff)
			}
		}
	}
	printed := print(output.Options{Format: output.FormatYAML}, false, true)
	var got []struct {
		A, B string
		M    map[string]string
	}
	if err := yaml.Unmarshal([]byte(printed), &got); err != nil {
		t.Fatalf("%q: %v", printed, err)
	}
	for i, g := range got {
		if diff := cmp.Diff(want[i], pair{g.A, g.B, g.M}); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", printed, diff)
		}
	}
}

// harmless checks what a CI log and a terminal would make of the text (B1, B2, B6).
func harmless(t *testing.T, o output.Options, tty bool, printed string) {
	t.Helper()
	if text.GuardLines(printed) != printed {
		t.Errorf("B6: %+v: a workflow command is left in %q", o, printed)
	}
	exact := !tty && (o.Format == output.FormatCSV || o.JQ != "")
	for line := range bytes.Lines([]byte(printed)) {
		if !exact && text.Unsafe(strings.ReplaceAll(strings.TrimSuffix(string(line), "\n"), "\t", "")) {
			t.Errorf("B1: %+v, terminal %v: %q is left", o, tty, line)
		}
	}
}

func TestB5SingleEmptyCells(t *testing.T) {
	t.Parallel()
	p, out, _ := printer(t, setting{o: output.Options{Format: output.FormatCSV}})
	if err := output.List(p, pairColumns()[:1], []pair{{}, {A: "x"}, {}}); err != nil || out.String() != "a\n\"\"\nx\n\"\"\n" {
		t.Errorf("got %q, %v", out, err)
	}
}
