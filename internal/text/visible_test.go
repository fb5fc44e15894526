package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"btadmin/internal/text"
)

func TestB1B2Visible(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"plain":            {"QA team, Zürich 日本 👍", "QA team, Zürich 日本 👍"},
		"empty":            {"", ""},
		"backslash stays":  {`a\x1b`, `a\x1b`},
		"ESC and CSI":      {"\x1b[2J\x1b[31mred", `\x1b[2J\x1b[31mred`},
		"OSC 8":            {"\x1b]8;;http://evil.test\x07click\x1b]8;;\x07", `\x1b]8;;http://evil.test\x07click\x1b]8;;\x07`},
		"OSC 52":           {"\x1b]52;c;cm0gLXJm\x07", `\x1b]52;c;cm0gLXJm\x07`},
		"C1 as UTF-8":      {"\u009b2J\u0085", `\u{009B}2J\u{0085}`},
		"C1 as bytes":      {"\x9b2J", `\x9b2J`},
		"lines":            {"a\r\nb\tc", `a\r\nb\tc`},
		"NUL, BS, DEL":     {"\x00\b\x7f", `\x00\x08\x7f`},
		"invalid UTF-8":    {"a\xffb\xc3", `a\xffb\xc3`},
		"real replacement": {"\uFFFD", "\uFFFD"},
		"separators":       {"a\u2028b\u2029c", `a\u{2028}b\u{2029}c`},
		"bidi override":    {"\u202Egpj.exe", `\u{202E}gpj.exe`},
		"bidi isolates":    {"\u2066a\u2069\u200F", `\u{2066}a\u{2069}\u{200F}`},
		"zero width":       {"Own\u200Bers\u200D\u2060\uFEFF", `Own\u{200B}ers\u{200D}\u{2060}\u{FEFF}`},
		"soft hyphen":      {"Own\u00ADers", `Own\u{00AD}ers`},
		"tags":             {"A\U000E0041\U000E007F", `A\u{E0041}\u{E007F}`},
		"variation":        {"A\uFE0F\U000E0100", `A\u{FE0F}\u{E0100}`},
		"fillers":          {"\u3164\u115F\u2800\uFFA0", `\u{3164}\u{115F}\u{2800}\u{FFA0}`},
		"private use":      {"\uE000\U0010FFFD", `\u{E000}\u{10FFFD}`},
		"accents stay":     {"e\u0301", "e\u0301"},
	}
	for name, tt := range tests {
		if got := text.Visible(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if got := text.Unsafe(tt.in); got != (tt.in != tt.want) {
			t.Errorf("%s: Unsafe is %v", name, got)
		}
	}
}

func TestB1VisibleLinesKeepsLinesAndTabs(t *testing.T) {
	t.Parallel()
	if got, want := text.VisibleLines("a\n\tb\r\n\x1b\u202E\xff"), "a\n\tb\\r\n\\x1b\\u{202E}\\xff"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := text.VisibleLines("plain"); got != "plain" {
		t.Errorf("got %q", got)
	}
}

// FuzzC7Visible: one line, nothing unsafe, valid UTF-8, and safe text comes through as it is.
func FuzzC7Visible(f *testing.F) {
	for _, s := range []string{"", "QA", "\x1b]8;;x\x07", "\u202E\u200B", "\xff\xc3\x28", "\U000E0041", "::error::x", "a\r\nb", "=1+1", "##[x]##vso[y]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := text.Visible(s)
		if text.Unsafe(v) || !utf8.ValidString(v) || strings.ContainsAny(v, "\r\n\t\x1b") {
			t.Errorf("%q became %q", s, v)
		}
		if again := text.Visible(v); again != v {
			t.Errorf("%q: the second time %q became %q", s, v, again)
		}
		if !text.Unsafe(s) && v != s {
			t.Errorf("safe %q became %q", s, v)
		}
		lines := text.VisibleLines(s)
		if text.Unsafe(strings.NewReplacer("\n", "", "\t", "").Replace(lines)) || strings.Count(lines, "\n") != strings.Count(s, "\n") {
			t.Errorf("%q became %q", s, lines)
		}
		guarded := text.GuardLines(s)
		if text.GuardLines(guarded) != guarded {
			t.Errorf("guarding %q twice", s)
		}
		for line := range strings.FieldsFuncSeq(guarded, func(r rune) bool { return r == '\r' || r == '\n' }) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.Contains(strings.ToLower(line), "##vso[") {
				t.Errorf("%q left the command %q", s, line)
			}
		}
		if cell := text.CSVCell(s); cell != s && cell != "'"+s || cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 {
			t.Errorf("%q became the cell %q", s, cell)
		}
		if text.Width(text.Trim(v, 10)) > 10 {
			t.Errorf("%q is too wide", text.Trim(v, 10))
		}
		if !text.Confusable(s, s) || text.Skeleton(s) != text.Skeleton(strings.ToValidUTF8(s, "\uFFFD")) {
			t.Errorf("%q is not confusable with itself", s)
		}
		if c := text.CanonicalEmail(s); text.CanonicalEmail(c) != c {
			t.Errorf("%q: canonical %q, the second time %q", s, c, text.CanonicalEmail(c))
		}
	})
}
