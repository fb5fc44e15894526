package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Confusable reports whether two names read the same although they need not be the same (B3): they differ at
// most in case, surrounding or repeated space, full-width forms, invisible characters and look-alike letters.
func Confusable(a, b string) bool { return Skeleton(a) == Skeleton(b) }

// Skeleton is the form under which confusable names coincide. It is for comparing only, never shown.
func Skeleton(s string) string {
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case spacing(r):
			space = b.Len() > 0
			continue
		case UnsafeRune(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteString(lookAlike(r))
	}
	// Some folds decompose, some compose: a second pass brings both to one form.
	return norm.NFKC.String(b.String())
}

// lookAlike is the Latin letter that a rune is mistaken for, in lower case; otherwise the folded rune.
func lookAlike(r rune) string {
	if latin, ok := homoglyphs[r]; ok {
		return latin
	}
	r = foldRune(r)
	if latin, ok := homoglyphs[r]; ok {
		return latin
	}
	return string(r)
}

// foldRune is the smallest rune of r's simple case folding orbit, so that ſ, K (Kelvin) and ς fold as well.
func foldRune(r rune) rune {
	smallest := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	return unicode.ToLower(smallest)
}

// lowerRune lowers one letter by itself. The dotted capital İ keeps its identity: lowering it to i would merge
// two letters that Turkish keeps apart.
func lowerRune(r rune) rune {
	if r == 'İ' {
		return r
	}
	return unicode.ToLower(r)
}

// blank are the characters that are drawn as space or not at all at the edge of a name.
func blank(r rune) bool {
	switch r {
	case '\u200B', '\u2060', '\uFEFF', '\u180E':
		return true
	}
	return spacing(r)
}

// spacing are the characters that are drawn as space inside a name too.
func spacing(r rune) bool {
	switch r {
	case '\u3164', '\uFFA0', '\u115F', '\u1160', '\u2800':
		return true
	}
	return unicode.IsSpace(r)
}
