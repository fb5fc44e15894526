package syntax_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/policy/syntax"
)

func format(data string) (string, error) {
	var ps syntax.Problems
	out := syntax.Format("a.yaml", []byte(data), &ps)
	return string(out), ps.Err()
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"spaces", "a:   1     # one\nb:  {x: 1,y: [2,3]}\n", "a: 1 # one\nb: {x: 1, y: [2, 3]}\n"},
		{"indent", "a:\n    - b:   c\n      d: e\nf:\n        g: h", "a:\n  - b: c\n    d: e\nf:\n  g: h\n"},
		{"blank lines", "# head\n\n\na: 1\n\n\n\nb: 2\nc: 3\n\n\n# about d\n# more\nd:\n\n  e: 1\n\n\n", "# head\n\na: 1\n\nb: 2\nc: 3\n\n# about d\n# more\nd:\n\n  e: 1\n"},
		{"quotes", "a: 'one: two'\nb: 'say \"x\"'\nc: \"NO\"\n'd e': f\n", "a: \"one: two\"\nb: 'say \"x\"'\nc: \"NO\"\n\"d e\": f\n"},
		{"comments", "a: # on key\n  # under key\n  b: [1, # in\n    2,\n    # own\n    3]\n  # end of a\nlist:\n# at 0\n- x   # after x\n-   k: v # kv\n    # mid\n    z: 1\n",
			"a: # on key\n  # under key\n  b: [1, # in\n    2,\n    # own\n    3]\n  # end of a\nlist:\n  # at 0\n  - x # after x\n  - k: v # kv\n    # mid\n    z: 1\n"},
		{"crlf and mark", "\uFEFFa: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"},
		{"block", "a: |\n    one\n    two # no comment\nb: x\n", "a: |\n  one\n  two # no comment\nb: x\n"},
		{"alias", "a: &x   [1]\nb:   *x\n", "a: &x [1]\nb: *x\n"},
	} {
		got, err := format(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
		if again, err := format(got); again != got || err != nil {
			t.Errorf("%s: again: %q %v", tt.name, again, err)
		}
	}
}

func TestFormatRefuses(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "a: [", "a: 1\na: 2\n", "a: 1\n---\nb: 1\n"} {
		if out, err := format(data); out != "" || err == nil {
			t.Errorf("%q: %q, %v", data, out, err)
		}
	}
}

func TestFormatExampleIsCanonical(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "policy.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := format(string(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(data), got); diff != "" {
		t.Error(diff)
	}
}

// FuzzC7Format: whatever is formatted keeps its meaning and its comments, and is not changed by a second time.
func FuzzC7Format(f *testing.F) {
	for _, seed := range []string{
		"a: 1 # x\n", "# h\n\na:\n - b\n - {c: 'd', e: [f, g]} # i\n", "a: |\n  x\n\n  y\nb: >-\n  z\n", "a: &x [1]\nb: *x\n", "? a\n: b\n",
		"a: \"\\x41\"\n", "- - - a\n", "a:\n  # c\n\n  # d\n  b: 1\n# e\n", "'a': !!str 1\n", bomb(),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		out, err := format(data)
		if err != nil {
			return
		}
		again, err := format(out)
		if err != nil || again != out {
			t.Errorf("formatted %q to %q, and that to %q (%v)", data, out, again, err)
		}
		if strings.Count(out, "#") < strings.Count(data, " # ") {
			t.Errorf("a comment of %q is gone: %q", data, out)
		}
	})
}

// FuzzC7Parse: no text makes the parser panic, and what it returns has its places inside of the text.
func FuzzC7Parse(f *testing.F) {
	for _, seed := range []string{"a: [b, {c: d}]\n", "a: &x [*x]\n", "a: !!str 1\n<<: {}\n", "\xff", "a: 1\n---\n", bomb(), strings.Repeat("[", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		var ps syntax.Problems
		n := syntax.Parse("a.yaml", []byte(data), &ps)
		if n == nil && !ps.Failed() {
			t.Error("nothing came back, and nothing is wrong")
		}
		for _, p := range ps.All() {
			if p.At.Line() > strings.Count(data, "\n")+strings.Count(data, "\r")+2 {
				t.Errorf("%v is not in the text", p.At)
			}
		}
	})
}

func TestKeysAreRefusedAndNotShown(t *testing.T) {
	t.Parallel()
	key := "bt-st-" + strings.Repeat("Zq7xW3", 8)
	n, problems := parse(t, "a: 1 # "+key+"\nb: [\n")
	if n != nil || len(problems) != 2 || !strings.Contains(problems[0].Message, "a policy must not hold secrets") {
		t.Fatalf("%v", problems)
	}
	for _, p := range problems {
		if strings.Contains(p.String(), "Zq7xW3") {
			t.Errorf("the key is shown: %s", p.String())
		}
	}
	if _, problems := parse(t, "groups: {sk-learn-models: {}, bt-st-team: {}}\n"); len(problems) > 0 {
		t.Errorf("names are no keys: %v", problems)
	}
}
