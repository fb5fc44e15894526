package text_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"btadmin/internal/text"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in      string
		columns int
		want    []string
	}{
		{"", 10, []string{""}},
		{"read, create, update", 12, []string{"read,", "create,", "update"}},
		{"品質保証 team", 6, []string{"品質保", "証", "team"}},
		{"0123456789", 4, []string{"0123", "4567", "89"}},
		{"🎉 \u0301", 2, []string{"🎉", "\u0301"}},
		{"ab cd", 5, []string{"ab cd"}},
	} {
		if diff := cmp.Diff(tt.want, text.Wrap(tt.in, tt.columns)); diff != "" {
			t.Errorf("%q in %d (-want +got):\n%s", tt.in, tt.columns, diff)
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := text.Visible(rapid.StringOf(rapid.RuneFrom([]rune("a bc, 品\u0301é🎉-"))).Draw(t, "s"))
		columns := rapid.IntRange(2, 12).Draw(t, "columns")
		lines := text.Wrap(s, columns)
		for _, line := range lines {
			if text.Width(line) > columns {
				t.Fatalf("%q is wider than %d", line, columns)
			}
		}
		without := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if without(strings.Join(lines, "")) != without(s) {
			t.Fatalf("%q became %q", s, lines)
		}
	})
}
