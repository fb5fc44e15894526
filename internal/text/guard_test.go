package text_test

import (
	"testing"

	"btadmin/internal/text"
)

func TestB5CSVCell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                 "",
		"QA":               "QA",
		"a=b":              "a=b",
		"'=1":              "'=1",
		" =1":              " =1",
		"=HYPERLINK(1)":    "'=HYPERLINK(1)",
		"+1":               "'+1",
		"-1+cmd|' /C x'!A": "'-1+cmd|' /C x'!A",
		"@SUM(A1)":         "'@SUM(A1)",
		"\t=1":             "'\t=1",
		"\r=1":             "'\r=1",
		"＝1":               "'＝1",
	} {
		if got := text.CSVCell(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestB6GuardLines(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                      "plain",
		"a::b":                       "a::b",
		"::error::x":                 `\u{003A}:error::x`,
		"  \t::set-output name=x::y": "  \t" + `\u{003A}:set-output name=x::y`,
		"a\n::stop-commands::t":      "a\n" + `\u{003A}:stop-commands::t`,
		"a\r::warning::x\r\n::y::":   "a\r" + `\u{003A}:warning::x` + "\r\n" + `\u{003A}:y::`,
		"\u200B::error::x":           "\u200B" + `\u{003A}:error::x`,
		"x ##[error]y":               `x \u{0023}#[error]y`,
		"##vso[task.setvariable]":    `\u{0023}#vso[task.setvariable]`,
		"##VSO[x]###[y]":             `\u{0023}#VSO[x]#\u{0023}#[y]`,
		"## heading":                 "## heading",
	} {
		if got := text.GuardLines(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWidthTrimPad(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "日本": 4, "ＱＡ": 4, "👍": 2, "…": 1} {
		if got := text.Width(in); got != want {
			t.Errorf("%q is %d wide, want %d", in, got, want)
		}
	}
	for _, tt := range []struct {
		in      string
		columns int
		want    string
	}{
		{"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"日本語", 5, "日本…"}, {"日本語", 4, "日…"}, {"ab  cdef", 5, "ab…"}, {"abc", 1, "…"}, {"abc", 0, ""}, {"", 3, ""},
	} {
		if got := text.Trim(tt.in, tt.columns); got != tt.want {
			t.Errorf("%q in %d columns: got %q, want %q", tt.in, tt.columns, got, tt.want)
		}
	}
	if got := text.Pad("日", 4); got != "日  " {
		t.Errorf("got %q", got)
	}
	if got := text.Pad("abc", 2); got != "abc" {
		t.Errorf("got %q", got)
	}
}
