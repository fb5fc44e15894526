package batch_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"btadmin/internal/batch"
)

func TestWriteFailedInTheInputFormat(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"csv":            {"\uFEFFE-Mail;Allow\r\na;read\r\n\"b;\"\"x\"\"\";\"create\"\r\nc;read\r\n", "E-Mail;Allow\n\"b;\"\"x\"\"\";\"create\"\nc;read\n"},
		"csv, no header": {"a,1\nb,2\nc,3\n", "b,2\nc,3\n"},
		"lines":          {"# x\na\n b \nc", " b \nc\n"},
		"array":          {`["a", {"email" : "b\u0041"}, "c"]`, "[\n  {\"email\":\"b\\u0041\"},\n  \"c\"\n]\n"},
		"jsonl":          {"{\"email\":\"a\"}\n{\n\"email\": \"b\"}\n{\"email\":\"c\"}\n", "{\"email\":\"b\"}\n{\"email\":\"c\"}\n"},
	}
	for name, tt := range tests {
		d, err := batch.Read(strings.NewReader(tt.text), "-", grants())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var r batch.Result
		r.OK(d.Rows[0])
		r.Fail(d.Rows[2], "it is not there") // out of order: the file keeps its own
		r.Fail(d.Rows[1], "it is not there")
		var out bytes.Buffer
		if err := d.WriteFailed(&out, &r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(tt.want, out.String()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		again, err := batch.Read(&out, "-", grants())
		if err != nil {
			t.Errorf("%s: the failed rows cannot be read: %v", name, err)
			continue
		}
		if diff := cmp.Diff(rows(t, d)[1:], rows(t, again)); diff != "" || again.Format != d.Format {
			t.Errorf("%s: %s, (-first +second)\n%s", name, again.Format, diff)
		}
	}
}

func TestFailedName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"in/members.csv", "email\na", "in/members.failed.csv"},
		{"members.failed.csv", "email\na", "members.failed.csv"},
		{"members", "a\nb", "members.failed.txt"},
		{"members.list", "email\tallow\na\tread", "members.failed.tsv"},
		{"x.json", `["a"]`, "x.failed.json"},
		{"x.json", `{"email":"a"}`, "x.failed.jsonl"},
		{"standard input", "a", "failed.txt"},
	} {
		d, err := batch.Read(strings.NewReader(tt.text), tt.name, grants())
		if err != nil {
			t.Fatal(err)
		}
		if got := d.FailedName(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestResultDocument(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fill func(*batch.Result)
		want string
	}{
		"nothing": {func(*batch.Result) {}, `{"successful":[],"failed":[]}`},
		"both": {func(r *batch.Result) {
			r.OK(batch.Row{Number: 2, Text: "a"})
			r.Fail(batch.Row{Number: 3, Text: "b"}, "no")
		}, `{"successful":[{"row":2,"value":"a"}],"failed":[{"row":3,"value":"b","reason":"no"}]}`},
	}
	for name, tt := range tests {
		var r batch.Result
		tt.fill(&r)
		got, err := json.Marshal(r)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestB7WriteFailedReportsTheDisk(t *testing.T) {
	t.Parallel()
	d := &batch.Document{Name: "in.csv", Rows: []batch.Row{{Number: 1, Text: "a"}}}
	var r batch.Result
	if err := d.WriteFailed(full{}, &r); err != nil {
		t.Errorf("nothing failed, got %v", err)
	}
	r.Fail(d.Rows[0], "x")
	if err := d.WriteFailed(full{}, &r); err == nil || !strings.Contains(err.Error(), "in.csv") {
		t.Errorf("got %v", err)
	}
}
