package policy

import (
	"errors"
	"strings"

	"btadmin/internal/text"
)

// Pattern matches whole names: * stands for any characters, ? for one, and a backslash takes away the meaning of
// the next character. Upper and lower case differ.
type Pattern struct {
	text  string
	parts []part
}

// part is a literal character, or ? (any), or * (many).
type part struct {
	char      rune
	any, many bool
}

// ParsePattern reads a pattern.
func ParsePattern(s string) (Pattern, error) {
	p := Pattern{text: s}
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			p.parts = append(p.parts, part{char: r})
			escaped = false
		case r == '\\':
			escaped = true
		case r == '*':
			if n := len(p.parts); n == 0 || !p.parts[n-1].many {
				p.parts = append(p.parts, part{many: true})
			}
		case r == '?':
			p.parts = append(p.parts, part{any: true})
		default:
			p.parts = append(p.parts, part{char: r})
		}
	}
	if escaped {
		return Pattern{}, errors.New("a backslash at the end stands before nothing")
	}
	if len(p.parts) == 0 {
		return Pattern{}, errors.New("an empty name")
	}
	return p, nil
}

// String is the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Name returns the one name that matches, and false when there can be several.
func (p Pattern) Name() (string, bool) {
	var b strings.Builder
	for _, part := range p.parts {
		if part.any || part.many {
			return "", false
		}
		b.WriteRune(part.char)
	}
	return b.String(), true
}

// Match reports whether the whole name fits.
func (p Pattern) Match(name string) bool {
	runes := []rune(name)
	at, in := 0, 0
	retry, from := -1, 0
	for in < len(runes) {
		switch {
		case at < len(p.parts) && p.parts[at].many:
			retry, from = at, in
			at++
		case at < len(p.parts) && (p.parts[at].any || p.parts[at].char == runes[in]):
			at, in = at+1, in+1
		case retry >= 0:
			from++
			at, in = retry+1, from
		default:
			return false
		}
	}
	for at < len(p.parts) && p.parts[at].many {
		at++
	}
	return at == len(p.parts)
}

// MatchEmail is Match for e-mail addresses, which are compared canonically.
func (p Pattern) MatchEmail(email string) bool {
	canonical, err := ParsePattern(text.CanonicalEmail(p.text))
	return err == nil && canonical.Match(text.CanonicalEmail(email))
}

// Literal is the pattern that matches only name.
func Literal(name string) string {
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
