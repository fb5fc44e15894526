package text

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ignorable are code points that draw nothing by themselves although Unicode does not class them as
// control or format characters (property Default_Ignorable_Code_Point, plus fillers and blanks that look like space).
var ignorable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034F, Hi: 0x034F, Stride: 1}, // combining grapheme joiner
		{Lo: 0x115F, Hi: 0x1160, Stride: 1}, // Hangul fillers
		{Lo: 0x17B4, Hi: 0x17B5, Stride: 1}, // Khmer inherent vowels
		{Lo: 0x180B, Hi: 0x180F, Stride: 1}, // Mongolian variation selectors
		{Lo: 0x2065, Hi: 0x2065, Stride: 1},
		{Lo: 0x2800, Hi: 0x2800, Stride: 1}, // Braille blank
		{Lo: 0x3164, Hi: 0x3164, Stride: 1}, // Hangul filler
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1}, // variation selectors
		{Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1}, // half-width Hangul filler
		{Lo: 0xFFF0, Hi: 0xFFFB, Stride: 1}, // interlinear annotations and unassigned
	},
	R32: []unicode.Range32{
		{Lo: 0x1BCA0, Hi: 0x1BCA3, Stride: 1}, // shorthand format controls
		{Lo: 0x1D173, Hi: 0x1D17A, Stride: 1}, // musical format controls
		{Lo: 0xE0000, Hi: 0xE0FFF, Stride: 1}, // tags, variation selectors supplement
	},
}

// UnsafeRune reports whether a rune has no honest picture of its own and must not reach a terminal as it is:
// controls (C0, DEL, C1), format characters (bidirectional, zero-width, soft hyphen, BOM), line and paragraph
// separators, private use, surrogates, ignorables.
func UnsafeRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 0x20 || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs, ignorable)
}

// Unsafe reports whether s has a character that Visible would show as an escape. Creating something with such
// a name is refused (B2).
func Unsafe(s string) bool { return firstUnsafe(s) >= 0 }

// firstUnsafe is the byte offset of the first thing that has to be escaped, -1 for none.
func firstUnsafe(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if (r == utf8.RuneError && size == 1) || UnsafeRune(r) {
			return i
		}
		i += size
	}
	return -1
}

// Visible shows s on one line with nothing hidden (B1, B2): \n, \r and \t by those names, other ASCII controls
// and bytes that are no UTF-8 as \x1b, everything else that is unsafe as \u{202E}. All other text is unchanged.
func Visible(s string) string {
	at := firstUnsafe(s)
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:at])
	escapeInto(&b, s[at:], false)
	return b.String()
}

// VisibleLines is Visible for text that may have several lines, such as the output of a jq program or a
// document: line feeds and tabs are kept.
func VisibleLines(s string) string {
	if firstUnsafe(s) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	escapeInto(&b, s, true)
	return b.String()
}

const hexDigits = "0123456789abcdef"

func escapeInto(b *strings.Builder, s string, keepLines bool) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			writeByteEscape(b, s[i])
		case keepLines && (r == '\n' || r == '\t'):
			b.WriteByte(byte(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			writeByteEscape(b, byte(r))
		case UnsafeRune(r):
			writeRuneEscape(b, r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
}

func writeByteEscape(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}

func writeRuneEscape(b *strings.Builder, r rune) {
	b.WriteString(`\u{`)
	digits := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	for range 4 - min(4, len(digits)) {
		b.WriteByte('0')
	}
	b.WriteString(digits)
	b.WriteByte('}')
}
