package batch_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/batch"
)

// FuzzC7Read: no panic; what is accepted has no control characters and can be written back as it was.
func FuzzC7Read(f *testing.F) {
	for _, name := range []string{"-", "x.csv", "x.tsv", "x.json", "x.jsonl", "x.txt"} {
		for _, text := range []string{
			"", "a\nb", "email,allow\na,\"b\"\"c\"\n", "# x\nemail;allow\na;b\r\n", `["a",{"email":"b","allow":["x","y"]}]`,
			`{"email":"a"}` + "\n" + `{"email":"b"}`, "\uFEFFemail\na", "\"a\",b\n", "email\n\"a\nb\"", "[[", "{\"\":", "\xff\xfe", "email,allow\n\"\n",
		} {
			f.Add(text, name, uint8(0))
			f.Add(text, name, uint8(1))
		}
	}
	f.Fuzz(func(t *testing.T, text, name string, done uint8) {
		if len(text) > 20_000 {
			return
		}
		o := grants()
		d, err := batch.Read(strings.NewReader(text), name, o)
		if err != nil {
			return
		}
		var r batch.Result
		numbers := map[int]bool{}
		var failed []batch.Row
		for i, row := range d.Rows {
			if numbers[row.Number] || row.Line < 1 {
				t.Fatalf("row %d is there twice or has no line", row.Number)
			}
			numbers[row.Number] = true
			if i < 8 && done&(1<<i) != 0 {
				r.OK(row)
			} else {
				r.Fail(row, "x")
				failed = append(failed, row)
			}
			for column, value := range row.Fields {
				if strings.ContainsFunc(value, unicode.IsControl) {
					t.Errorf("%s has a control character: %q", column, value)
				}
			}
		}
		if len(failed) == 0 {
			return
		}
		var out bytes.Buffer
		if err := d.WriteFailed(&out, &r); err != nil {
			t.Fatal(err)
		}
		written := out.String()
		again, err := batch.Read(&out, d.FailedName(), o)
		if err != nil {
			t.Fatalf("%q was written back as %q, which cannot be read: %v", text, written, err)
		}
		if len(again.Rows) != len(failed) || again.Format != d.Format {
			t.Fatalf("%q: %d rows of %s came back as %d of %s", text, len(failed), d.Format, len(again.Rows), again.Format)
		}
		for i := range failed {
			if diff := cmp.Diff(failed[i].Fields, again.Rows[i].Fields); diff != "" {
				t.Fatalf("%q as %q: row %d (-first +second)\n%s", text, written, i, diff)
			}
		}
	})
}

// FuzzC7IDs: no panic; ids are distinct, not empty, without control characters.
func FuzzC7IDs(f *testing.F) {
	for _, text := range []string{"", "1\n2", `[{"id":"1"},"2"]`, `{"id":"1"}{"id":"2"}`, `"a" "b"`, "\xff", "[", `{"id":`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ids, err := batch.IDs(strings.NewReader(text))
		if err != nil && ids != nil {
			t.Fatal("ids and an error")
		}
		seen := map[string]bool{}
		for _, id := range ids {
			if id == "" || seen[id] || strings.ContainsFunc(id, unicode.IsControl) {
				t.Fatalf("%q gave %q", text, ids)
			}
			seen[id] = true
		}
	})
}

func BenchmarkReadCSV(b *testing.B) {
	text := "email,allow\n" + strings.Repeat("somebody@example.com,read\n", 100_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := batch.Read(strings.NewReader(text), "-", grants()); err != nil {
			b.Fatal(err)
		}
	}
}
