package policy

import (
	"errors"
	"strings"
	"unicode/utf8"

	"btadmin/internal/text"
)

// Pattern matches whole names: * stands for any characters, ? for one, and a backslash takes away the meaning of
// the next character. Upper and lower case differ. It is nothing but its text, because a policy may have as many as
// it has rows.
type Pattern struct{ text string }

// ParsePattern reads a pattern.
func ParsePattern(s string) (Pattern, error) {
	if s == "" {
		return Pattern{}, errors.New("an empty name")
	}
	if escapes := len(s) - len(strings.TrimRight(s, `\`)); escapes%2 == 1 {
		return Pattern{}, errors.New("a backslash at the end stands before nothing")
	}
	return Pattern{text: s}, nil
}

// String is the pattern as it was written.
func (p Pattern) String() string { return p.text }

// literal reports whether the text is the one name that matches.
func (p Pattern) literal() bool { return !strings.ContainsAny(p.text, `*?\`) }

// part is a literal character, or ? (any), or * (many).
type part struct {
	char      rune
	any, many bool
}

// part reads the part at a place in the text, and says where the next one begins.
func (p Pattern) part(at int) (found part, next int) {
	r, size := utf8.DecodeRuneInString(p.text[at:])
	switch r {
	case '*':
		return part{many: true}, at + size
	case '?':
		return part{any: true}, at + size
	case '\\':
		escaped, more := utf8.DecodeRuneInString(p.text[at+size:])
		return part{char: escaped}, at + size + more
	}
	return part{char: r}, at + size
}

// Name returns the one name that matches, and false when there can be several.
func (p Pattern) Name() (string, bool) {
	if p.literal() {
		return p.text, true
	}
	var b strings.Builder
	for at := 0; at < len(p.text); {
		found, next := p.part(at)
		if found.any || found.many {
			return "", false
		}
		b.WriteRune(found.char)
		at = next
	}
	return b.String(), true
}

// Match reports whether the whole name fits.
func (p Pattern) Match(name string) bool {
	if p.literal() {
		return p.text == name
	}
	at, in := 0, 0
	retry, from := -1, 0 // after the last *, and up to where it reaches
	for in < len(name) {
		r, size := utf8.DecodeRuneInString(name[in:])
		var here part
		next := at
		if at < len(p.text) {
			here, next = p.part(at)
		}
		switch {
		case here.many:
			at = next
			retry, from = next, in
		case next > at && (here.any || here.char == r):
			at, in = next, in+size
		case retry >= 0:
			_, size = utf8.DecodeRuneInString(name[from:])
			from += size
			at, in = retry, from
		default:
			return false
		}
	}
	return strings.Trim(p.text[at:], "*") == ""
}

// MatchEmail is Match for e-mail addresses, which are compared canonically.
func (p Pattern) MatchEmail(email string) bool {
	canonical, err := ParsePattern(text.CanonicalEmail(p.text))
	return err == nil && canonical.Match(text.CanonicalEmail(email))
}

// Literal is the pattern that matches only name.
func Literal(name string) string {
	if (Pattern{text: name}).literal() {
		return name
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`).Replace(name)
}

// Any reports whether one of the patterns matches.
func Any(patterns []Pattern, name string) bool {
	for _, p := range patterns {
		if p.Match(name) {
			return true
		}
	}
	return false
}
