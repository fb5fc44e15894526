package text

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// CanonicalEmail is the form in which two e-mail addresses are compared (C4): composed (NFC), without
// surrounding white space of any kind, letters in lower case one by one. It is for comparing only; what is sent
// is what was typed. Letters that merely look alike, such as i and dotless i, stay different people.
func CanonicalEmail(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.TrimFunc(norm.NFC.String(s), blank)
	return norm.NFC.String(strings.Map(lowerRune, s))
}

// isPlain reports whether an address is in that form already, as nearly all are: visible ASCII without capitals.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
