package output_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/iostreams"
	"btadmin/internal/output"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

var now = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// group is a row as a noun would define it.
type group struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description *string   `json:"description"`
	Members     []string  `json:"member_users"`
	Count       int       `json:"member_count"`
	BuiltIn     bool      `json:"built_in"`
	Created     time.Time `json:"created"`
}

func groups() []group {
	hostile := "\x1b[31mred\x1b[0m\n::error::x\t\u202Egpj ##[group]<b>&"
	return []group{
		{ID: "7f0c3e1a-0000-4000-8000-000000000001", Name: "Owners", Members: []string{"ada@example.com", "bob@example.com"}, Count: 2, BuiltIn: true, Created: now.Add(-400 * 24 * time.Hour)},
		{ID: "7f0c3e1a-0000-4000-8000-000000000002", Name: "=cmd|' /C calc'!A1", Description: &hostile, Members: nil, Created: now.Add(-5 * time.Minute)},
		{ID: "7f0c3e1a-0000-4000-8000-000000000003", Name: "品質 QA, \"é\"", Members: []string{}, Created: now.Add(-3 * time.Hour)},
	}
}

func columns() []output.Column[group] {
	return []output.Column[group]{
		{Field: "name", Header: "NAME", Text: func(g group) string { return g.Name }},
		{Field: "description", Header: "DESCRIPTION", Wide: true, Text: func(g group) string {
			if g.Description == nil {
				return ""
			}
			return *g.Description
		}},
		{Field: "member_users", Header: "MEMBERS", Text: func(g group) string { return strings.Join(g.Members, ", ") }, Raw: func(g group) string { return strings.Join(g.Members, ",") }},
		{Field: "created", Header: "CREATED", Text: func(g group) string { return output.RelTime(now, g.Created) }, Raw: func(g group) string { return output.Time(g.Created) }},
		{Field: "id", Header: "ID", Wide: true, Text: func(g group) string { return g.ID }},
	}
}

type setting struct {
	tty, ci bool
	width   int
	o       output.Options
}

func printer(t *testing.T, s setting) (p *output.Printer, out, errOut *bytes.Buffer) {
	t.Helper()
	streams, out, errOut := iostreams.Test("")
	streams.OutTTY, streams.CI = s.tty, s.ci
	if s.width > 0 {
		streams.Width = func() int { return s.width }
	}
	p, err := output.New(streams, s.o)
	if err != nil {
		t.Fatal(err)
	}
	return p, out, errOut
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (run with -update to accept): (-want +got)\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	settings := map[string]setting{
		"table-wide":      {tty: true, width: 200},
		"table-80":        {tty: true, width: 80},
		"table-30":        {tty: true, width: 30},
		"table-piped":     {o: output.Options{Format: output.FormatTable}},
		"table-fields":    {tty: true, width: 60, o: output.Options{Fields: []string{"member_count", "id", "name", "built_in", "description"}}},
		"piped":           {},
		"piped-ci":        {ci: true},
		"piped-fields":    {o: output.Options{Fields: []string{"id", "member_users", "member_count", "description"}}},
		"json-terminal":   {tty: true, o: output.Options{Format: output.FormatJSON}},
		"json-piped":      {o: output.Options{Format: output.FormatJSON}},
		"json-fields":     {tty: true, o: output.Options{Format: output.FormatJSON, Fields: []string{"name", "id"}}},
		"jsonl":           {tty: true, o: output.Options{Format: output.FormatJSONL}},
		"jsonl-fields":    {o: output.Options{Format: output.FormatJSONL, Fields: []string{"member_users"}}},
		"yaml":            {o: output.Options{Format: output.FormatYAML}},
		"yaml-ci":         {ci: true, o: output.Options{Format: output.FormatYAML}},
		"csv":             {o: output.Options{Format: output.FormatCSV}},
		"csv-raw":         {o: output.Options{Format: output.FormatCSV, CSVRaw: true}},
		"csv-terminal":    {tty: true, o: output.Options{Format: output.FormatCSV}},
		"csv-fields":      {o: output.Options{Format: output.FormatCSV, Fields: []string{"member_count", "name"}}},
		"jq-names":        {o: output.Options{JQ: ".[].name"}},
		"jq-tty":          {tty: true, o: output.Options{JQ: ".[] | .name, {d: .description}"}},
		"jq-after-fields": {o: output.Options{JQ: ".[1]", Fields: []string{"id"}}},
	}
	for name, s := range settings {
		p, out, errOut := printer(t, s)
		if err := output.List(p, columns(), groups()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := out.String()
		if errOut.Len() > 0 {
			got += "--- stderr\n" + errOut.String()
		}
		golden(t, "list-"+name, got)

		p, out, _ = printer(t, s)
		if err := output.List(p, columns(), nil); err != nil && s.o.JQ == "" {
			t.Errorf("%s: no rows: %v", name, err)
		} else if want := map[output.Format]string{output.FormatJSON: "[]\n", output.FormatYAML: "[]\n"}[p.Format()]; s.o.JQ == "" && p.Format() != output.FormatCSV && out.String() != want {
			t.Errorf("%s: no rows are %q, want %q", name, out, want)
		}

		if s.o.JQ != "" {
			continue
		}
		p, out, _ = printer(t, s)
		if err := output.Object(p, columns(), groups()[1]); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "object-"+name, out.String())
	}
}
