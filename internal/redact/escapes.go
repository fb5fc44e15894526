package redact

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// layer is text with escapes undone, which remembers where each of its bytes came from.
type layer struct {
	text string
	from []int // from[i] is where byte i starts in the original; one more at the end
}

func plain(text string) layer {
	from := make([]int, len(text)+1)
	for i := range from {
		from[i] = i
	}
	return layer{text, from}
}

// unescape undoes one layer of percent and backslash escapes and reports whether there were any.
func (l layer) unescape() (layer, bool) {
	out := layer{from: make([]int, 0, len(l.from))}
	var b strings.Builder
	b.Grow(len(l.text))
	changed := false
	for i := 0; i < len(l.text); {
		decoded, size := unescapeOne(l.text[i:])
		changed = changed || size > 1
		for range len(decoded) {
			out.from = append(out.from, l.from[i])
		}
		b.WriteString(decoded)
		i += size
	}
	out.from = append(out.from, l.from[len(l.text)])
	out.text = b.String()
	return out, changed
}

// unescapeOne decodes what stands at the start of s: %41, \u0041, \x41, \/, \", \\ or a plain byte.
func unescapeOne(s string) (decoded string, size int) {
	switch {
	case s[0] == '%' && len(s) >= 3:
		if n, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
			return string([]byte{byte(n)}), 3
		}
	case s[0] != '\\' || len(s) < 2:
	case s[1] == 'u' && len(s) >= 6:
		if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
			return string(utf8.AppendRune(nil, rune(n))), 6
		}
	case s[1] == 'x' && len(s) >= 4:
		if n, err := strconv.ParseUint(s[2:4], 16, 8); err == nil {
			return string([]byte{byte(n)}), 4
		}
	case strings.IndexByte(`/"\'`, s[1]) >= 0:
		return s[1:2], 2
	}
	return s[:1], 1
}

// find returns where the needles are, as ranges of the original text.
func (l layer) find(needles []string) []span {
	var hits []span
	for _, n := range needles {
		for at := 0; ; {
			i := strings.Index(l.text[at:], n)
			if i < 0 {
				break
			}
			i += at
			hits = append(hits, span{l.from[i], l.from[i+len(n)]})
			at = i + len(n)
		}
	}
	return hits
}
