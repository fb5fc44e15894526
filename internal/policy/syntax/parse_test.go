package syntax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/policy/syntax"
)

func parse(t *testing.T, data string) (*syntax.Node, []syntax.Problem) {
	t.Helper()
	var ps syntax.Problems
	n := syntax.Parse("a.yaml", []byte(data), &ps)
	return n, ps.All()
}

func TestParsePlaces(t *testing.T) {
	t.Parallel()
	n, problems := parse(t, "# first\nü: &x\n  - 'one'\n  - {b: *y}\nc: *x\n")
	if n != nil || len(problems) != 1 || problems[0].At.String() != "a.yaml:4:9" {
		t.Fatalf("%v %v", n, problems)
	}
	n, problems = parse(t, "# first\nü: &x\n  - 'one'\n  - {b: two}\nc: *x\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b := n.Get("ü").Items[1].Get("b")
	if b.At != (syntax.At("a.yaml", 4, 9)) || b.Value != "two" || !b.Plain || n.Get("ü").Items[0].Plain {
		t.Errorf("%+v", b)
	}
	if c := n.Get("c"); c.At.Line() != 5 || c.At.Column() != 4 || c.Items[1].Get("b").At != b.At {
		t.Errorf("an alias is at %v, its parts at %v", c.At, c.Items[1].Get("b").At)
	}
}

func TestC2Refused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ data, want string }{
		{"a: 1\nb: 2\na: 3\n", `a.yaml:3:1: the key "a" is there twice`},
		{"a: {x: 1, 'x': 2}\n", `a.yaml:1:11: the key "x" is there twice`},
		{"a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins here"},
		{"a: 1\n---\n", "a.yaml:2:1: a second document begins here"},
		{"a: 1\n---\n[", "a.yaml:4:1: did not find expected node content"},
		{"a: &x {r: 1}\nb: {<<: *x}\n", "a.yaml:2:5: merge keys (<<) are not supported"},
		{"a: &x {r: 1}\nb:\n  <<: [*x]\n", "a.yaml:3:3: merge keys (<<) are not supported"},
		{"a: !!int 3\n", "a.yaml:1:4: the tag !!int is not supported"},
		{"a: !x 3\n", "a.yaml:1:4: the tag !x is not supported"},
		{"? [a]\n: 1\n", "a.yaml:1:3: a key must be a single word or text, not a list"},
		{"a: &x [*x]\n", "a.yaml:1:8: the alias *x stands inside of what it stands for"},
		{"a: &x {b: &y [*x]}\n", "a.yaml:1:15: the alias *x stands inside of what it stands for"},
		{"a:\n\t- 3\n", "a.yaml:2:1: found character that cannot start any token"},
		{"a: [1, 2\nb: 3\n", "a.yaml:2:2: did not find expected ',' or ']'"},
		{"a: \x00\n", `a.yaml:1:4: the control character \x00 is not allowed`},
		{"é: \xff\n", "a.yaml:1:4: this is not UTF-8"},
		{"\xff\xfea\x00", "a.yaml:1:1: this is not UTF-8"},
		{"a: \u009b\n", "the control character"},
	} {
		_, problems := parse(t, tt.data)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), tt.want) && !strings.Contains(problems[0].Message, tt.want) {
			t.Errorf("%q: %v, want %s", tt.data, problems, tt.want)
		}
	}
}

func TestC3Nothing(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "\n", "# only a comment\n", "~", "---\n", "---\n...\n", "null", "\uFEFF"} {
		if n, problems := parse(t, data); n != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, "the file is empty") {
			t.Errorf("%q: %v %v", data, n, problems)
		}
	}
}

// bomb is the document whose aliases stand for 10^9 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	return b.String()
}

func TestC1Bombs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, want string }{
		{"aliases", bomb(), "more than 10000 values"},
		{"brackets", strings.Repeat("[", 200_000), "nested deeper than 32"},
		{"braces", strings.Repeat("{a: ", 50_000), "nested deeper than 32"},
		{"dashes", strings.Repeat("- ", 100_000), "nested deeper than 32"},
		{"questions", strings.Repeat("? ", 100_000), "nested deeper than 32"},
		{"size", strings.Repeat("# a\n", 50<<18), "larger than 5 MiB"},
		{"values", "[" + strings.Repeat("a,", 1<<20) + "]", "too many values"},
		{"lines", strings.Repeat("- a\n", 1<<20), "too many values"},
		{"alias deep", "a: &a [[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]\nb: &b [[[[[[[[[[[[[[[*a]]]]]]]]]]]]]]]\n", "nested deeper than 32"},
	} {
		if n, problems := parse(t, tt.data); n != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, tt.want) {
			t.Errorf("%s: %v %.300v", tt.name, n != nil, problems)
		}
	}
}

// BenchmarkC1Parse measures the inputs that a stranger would choose: none may take a second.
func BenchmarkC1Parse(b *testing.B) {
	for name, data := range map[string]string{
		"aliases":  bomb(),
		"brackets": strings.Repeat("[", 200_000),
		"flow":     "[" + strings.Repeat("a,", 199_000) + "]",
		"flow map": "{" + strings.ReplaceAll(keys(100_000), "\n", ",") + "}",
		"block":    strings.Repeat("- a\n", 249_990),
		"mapping":  keys(160_000),
		"comment":  strings.Repeat("# a comment\n", 400_000),
		"scalar":   "a: |\n" + strings.Repeat("  text and text and text\n", 200_000),
		"quoted":   `"` + strings.Repeat("text ", 1_000_000) + `"`,
		"anchors":  anchors(60_000),
		"spaces":   strings.Repeat(" ", 5<<20),
		"simple":   strings.Repeat("a ", 2<<20),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				var ps syntax.Problems
				syntax.Parse("a.yaml", []byte(data), &ps)
			}
		})
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: v\n", i)
	}
	return b.String()
}

func anchors(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- &a%d x\n- *a%d\n", i, i)
	}
	return b.String()
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	_, problems := parse(t, "groups:\n  'a b': 1\n  \x61\t:  2\n  'a b': 日本語\n")
	want := `a.yaml:4:3: the key "a b" is there twice
    4 |   'a b': 日本語
      |   ^^^^^
    it was given here: a.yaml:2:3`
	if len(problems) != 1 || problems[0].String() != want {
		t.Errorf("%v", problems)
	}
	long := "a: [" + strings.Repeat("x, ", 100) + "&y [*y], " + strings.Repeat("x, ", 100) + "]\n"
	_, problems = parse(t, long)
	lines := strings.Split(problems[0].Excerpt, "\n")
	if len(lines) != 2 || len(lines[0]) > 110 || lines[0][strings.IndexByte(lines[1], '^')] != '*' {
		t.Errorf("%q", lines)
	}
}

// Places in a text in brackets are where they are, though the library is told of a document before it.
func TestParsePlacesInBrackets(t *testing.T) {
	t.Parallel()
	var ps syntax.Problems
	n := syntax.Parse("a.yaml", []byte("{\"a\": [x, {\"b\": y}],\n \"c\": z}"), &ps)
	if err := ps.Err(); err != nil {
		t.Fatal(err)
	}
	list := n.Get("a")
	got := []syntax.Pos{n.At, n.Pairs[0].Key.At, list.At, list.Items[0].At, list.Items[1].Get("b").At, n.Get("c").At}
	want := []syntax.Pos{
		syntax.At("a.yaml", 1, 1), syntax.At("a.yaml", 1, 2), syntax.At("a.yaml", 1, 7), syntax.At("a.yaml", 1, 8),
		syntax.At("a.yaml", 1, 17), syntax.At("a.yaml", 2, 7),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for data, column := range map[string]int{`{"a": x, "a": y}`: 10, `{"a": @x}`: 7, `{"a": x} y`: 10, `[x, !!int y]`: 5} {
		var ps syntax.Problems
		if n := syntax.Parse("a.yaml", []byte(data), &ps); n == nil && !ps.Failed() {
			t.Fatalf("%s: no problem", data)
		}
		if all := ps.All(); len(all) == 0 || all[0].At != syntax.At("a.yaml", 1, column) {
			t.Errorf("%s: %v", data, all)
		}
	}
}
