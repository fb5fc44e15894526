package batch_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/batch"
)

// grants is a batch with several columns, one of them optional.
func grants() batch.Options {
	return batch.Options{
		Columns:  []string{"principal", "object", "allow", "objects"},
		Required: []string{"principal"},
		Aliases:  map[string]string{"e_mail": "principal", "email": "principal"},
	}
}

func rows(t *testing.T, d *batch.Document) []map[string]string {
	t.Helper()
	var all []map[string]string
	for _, r := range d.Rows {
		all = append(all, r.Fields)
	}
	return all
}

func TestReadFormats(t *testing.T) {
	t.Parallel()
	people := batch.Options{Columns: []string{"email"}, Required: []string{"email"}}
	one := []map[string]string{{"email": "a@example.com"}, {"email": "b@example.com"}}
	two := []map[string]string{{"principal": "a@example.com", "allow": "read,create"}, {"principal": "group:QA", "allow": "read"}}
	tests := map[string]struct {
		name, text string
		o          batch.Options
		format     batch.Format
		want       []map[string]string
	}{
		"lines":               {"-", "a@example.com\nb@example.com\n", people, batch.FormatLines, one},
		"lines CRLF BOM":      {"-", "\uFEFFa@example.com\r\n\r\n  # no\r\n\tb@example.com  ", people, batch.FormatLines, one},
		"lines with commas":   {"x.txt", "a, b\n\"c\"", people, batch.FormatLines, []map[string]string{{"email": "a, b"}, {"email": `"c"`}}},
		"one column header":   {"-", "E-Mail\na@example.com\nb@example.com", batch.Options{Columns: []string{"e_mail"}}, batch.FormatCSV, []map[string]string{{"e_mail": "a@example.com"}, {"e_mail": "b@example.com"}}},
		"csv header":          {"-", "E-Mail,Allow\na@example.com,\"read,create\"\ngroup:QA,read\n", grants(), batch.FormatCSV, two},
		"csv BOM CRLF":        {"x.csv", "\uFEFFemail,allow\r\na@example.com,\"read,create\"\r\ngroup:QA,read\r\n", grants(), batch.FormatCSV, two},
		"csv spaces":          {"-", "email , allow\na@example.com ,  \"read,create\" \n group:QA, read \n", grants(), batch.FormatCSV, nil},
		"csv semicolons":      {"-", "email;allow\na@example.com;read,create\ngroup:QA;read", grants(), batch.FormatCSV, two},
		"tsv":                 {"-", "email\tallow\na@example.com\tread,create\ngroup:QA\tread", grants(), batch.FormatCSV, two},
		"tsv by name":         {"x.tsv", "a@example.com\tproject:X\ngroup:QA\tproject:Y", grants(), batch.FormatCSV, []map[string]string{{"principal": "a@example.com", "object": "project:X"}, {"principal": "group:QA", "object": "project:Y"}}},
		"csv without header":  {"-", "a@example.com,project:X,read\n", grants(), batch.FormatCSV, []map[string]string{{"principal": "a@example.com", "object": "project:X", "allow": "read"}}},
		"csv by a later line": {"-", "a@example.com\n# no\ngroup:QA,project:X\n", grants(), batch.FormatCSV, []map[string]string{{"principal": "a@example.com"}, {"principal": "group:QA", "object": "project:X"}}},
		"csv quoted spaces":   {"-", "email\n\" a \"\n", grants(), batch.FormatCSV, []map[string]string{{"principal": " a "}}},
		"csv comments above":  {"-", "# made by hand\n\nemail,allow\n#x,read\n", grants(), batch.FormatCSV, []map[string]string{{"principal": "#x", "allow": "read"}}},
		"json strings":        {"-", ` ["a@example.com", "b@example.com"]`, people, batch.FormatJSON, one},
		"json objects":        {"x.json", `[{"email":"a@example.com","allow":["read","create"],"objects":null},` + "\n" + `{"Principal":"group:QA","allow":"read"}]`, grants(), batch.FormatJSON, two},
		"json in a .jsonl":    {"x.jsonl", `["a@example.com","b@example.com"]`, people, batch.FormatJSON, one},
		"jsonl":               {"-", "{\"email\":\"a@example.com\"}\n\n{\"email\":\"b@example.com\"}\n", people, batch.FormatJSONL, one},
		"jsonl strings":       {"x.ndjson", "\"a@example.com\"\r\n\"b@example.com\"", people, batch.FormatJSONL, one},
		"objects in a .json":  {"x.json", "{\n\"email\":\"a@example.com\"} {\"email\":\"b@example.com\"}", people, batch.FormatJSONL, one},
		"numbers, booleans":   {"-", `[{"principal":7,"allow":true}]`, grants(), batch.FormatJSON, []map[string]string{{"principal": "7", "allow": "true"}}},
		"no columns":          {"-", "a\n", batch.Options{}, batch.FormatLines, []map[string]string{{"value": "a"}}},
	}
	for name, tt := range tests {
		d, err := batch.Read(strings.NewReader(tt.text), tt.name, tt.o)
		if tt.want == nil { // a space after a closing quote is not CSV
			if err == nil {
				t.Errorf("%s: no error", name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Format != tt.format {
			t.Errorf("%s: format %s, want %s", name, d.Format, tt.format)
		}
		if diff := cmp.Diff(tt.want, rows(t, d)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestIgnoreUnknown(t *testing.T) {
	t.Parallel()
	o := grants()
	o.IgnoreUnknown = true
	for _, text := range []string{"id,email,x\n1,a,3\n", `[{"id":1,"email":"a","x":{"y":[]}}]`} {
		d, err := batch.Read(strings.NewReader(text), "-", o)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if diff := cmp.Diff([]map[string]string{{"principal": "a"}}, rows(t, d)); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", text, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, text string
		line       int
		want       string
	}{
		"C3 empty":              {"-", "", 0, "no rows"},
		"C3 only comments":      {"-", "# a\n\n", 0, "no rows"},
		"C3 empty array":        {"-", "[]", 0, "no rows"},
		"C3 only a header":      {"x.csv", "email,allow\n", 0, "no rows"},
		"C3 empty .json":        {"x.json", "", 0, "no rows"},
		"C3 cut off array":      {"-", "[\n\"a\",\n", 3, "cut off"},
		"C3 cut off object":     {"-", `{"email":"a`, 1, "cut off"},
		"duplicate header":      {"-", "email,principal,allow\na,b,c\n", 1, `"principal" is there twice`},
		"unknown header":        {"-", "email,alow\na,b\n", 1, `unknown column "alow" (did you mean allow?)`},
		"nameless header":       {"-", "email,\na,b\n", 1, "no name"},
		"late header":           {"-", "a,b\nemail,object\n", 2, "must be the first"},
		"few cells":             {"-", "email,allow\n\na\n", 3, "1 cells, there are 2"},
		"many cells":            {"-", "email\na,b\n", 2, "2 cells, there are 1"},
		"many cells, no header": {"-", "a,b,c,d,e\n", 1, "5 cells, there are 4"},
		"bare quote":            {"-", "email,allow\na,b\"c\n", 2, "column 4"},
		"open quote":            {"-", "email,allow\na,b\nc,\"d\n\n", 3, "quote"},
		"duplicate member":      {"-", "[\n{\"email\":\"a\",\"email\":\"b\"}]", 2, "duplicate"},
		"duplicate by alias":    {"-", `{"email":"a","principal":"b"}`, 1, "twice"},
		"unknown member":        {"-", "{\"email\":\"a\"}\n{\"email\":\"b\",\"objets\":\"datasets\"}", 2, "did you mean objects?"},
		"nested object":         {"-", `{"email":{"a":1}}`, 1, "an object"},
		"comma in a list":       {"-", `{"email":"a","allow":["read,create"]}`, 1, "comma"},
		"null in a list":        {"-", `{"email":"a","allow":[null]}`, 1, "null"},
		"a number":              {"-", "[1]", 1, "a number"},
		"behind the array":      {"-", "[\"a\"]\n\n[\"b\"]", 3, "behind the end"},
		"text behind JSON":      {"-", "{\"email\":\"a\"}\nb", 2, "JSON"},
		"required":              {"-", "email,allow\n ,read\n", 2, "principal is missing"},
		"required, not there":   {"-", "allow,objects\nread,datasets\n", 1, `there is no column "principal": the columns are allow, objects`},
		"required in JSON":      {"-", `[{"allow":"read"}]`, 1, "principal is missing"},
		"control in a line":     {"-", "a\nb\x1b[2Jc", 2, "control character"},
		"lone CR":               {"-", "a\rb\rc", 1, "control character"},
		"NUL":                   {"-", "a\x00", 1, "control character"},
		"C1":                    {"-", "a\u009b", 1, "control character"},
		"newline in a cell":     {"-", "email,allow\n\"a\nb\",read\n", 2, "control character"},
		"escape in JSON":        {"-", `["a\u001bb"]`, 1, "control character"},
		"no UTF-8":              {"-", "a\n\xff\n", 2, "not UTF-8"},
		"UTF-16":                {"-", "\xff\xfea\x00", 0, "UTF-16"},
	}
	for name, tt := range tests {
		d, err := batch.Read(strings.NewReader(tt.text), tt.name, grants())
		var e *batch.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, %v", name, d, err)
			continue
		}
		if e.Line != tt.line || e.Name != tt.name || !strings.Contains(e.Error(), tt.want) {
			t.Errorf("%s: got line %d, %v; want line %d, %q", name, e.Line, e, tt.line, tt.want)
		}
		if strings.ContainsAny(e.Error(), "\x00\x1b\r") {
			t.Errorf("%s: the message is not safe: %q", name, e.Error())
		}
	}
}

func TestRowNumbers(t *testing.T) {
	t.Parallel()
	type place struct{ Number, Line int }
	tests := map[string]struct {
		text string
		want []place
	}{
		"csv":   {"email,allow\na,\"1\"\n\nb,2\n", []place{{2, 2}, {4, 4}}},
		"lines": {"# x\na\n\nb", []place{{2, 2}, {4, 4}}},
		"array": {`["a", "b",` + "\n" + `"c"]`, []place{{1, 1}, {2, 1}, {3, 2}}},
		"jsonl": {"\n{\"email\":\n\"a\"}\n\n{\"email\":\"b\"}", []place{{1, 2}, {2, 5}}},
	}
	for name, tt := range tests {
		d, err := batch.Read(strings.NewReader(tt.text), "-", grants())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []place
		for _, r := range d.Rows {
			got = append(got, place{r.Number, r.Line})
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	want := []string{"1", "2"}
	tests := map[string]struct {
		text string
		want []string
	}{
		"lines":   {"1\r\n# no\n\n 2\n1\n", want},
		"objects": {`{"id":"1","name":"x"}{"id":"2"}` + "\n" + `{"id":"1"}`, want},
		"array":   {"[\n{\"id\":\"1\"},\"2\"]", want},
		"strings": {"\"1\"\n\"2\"\n", want},
		"BOM":     {"\uFEFF1\n2", want},
		"nothing": {"", nil},
		"blank":   {" \n\n", nil},
		"array 0": {"[]", nil},
	}
	for name, tt := range tests {
		got, err := batch.IDs(strings.NewReader(tt.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestIDsRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1\n2\tQA\n":          "standard input:2: a line holds one id",
		`{"name":"x"}`:        "standard input:1: this object has no id",
		`{"id":7}`:            "must be a text",
		"[\n{\"id\":\"\"}]":   "standard input:2: this object has no id",
		`["a\u0007"]`:         "control character",
		`["  "]`:              "empty",
		`[1]`:                 "a number",
		`[["1"]]`:             "a list",
		"{\"id\":\"1\"}\n\n{": "standard input:3: the JSON is cut off",
		"\xff":                "not UTF-8",
	} {
		got, err := batch.IDs(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v; want %q", text, got, err, want)
		}
	}
}
