package redact

import (
	"slices"
	"strings"
)

// maxEscapes is how many layers of escapes are undone: JSON inside a query string inside JSON.
const maxEscapes = 3

// matcher finds registered forms. It is immutable: with returns another one.
type matcher struct {
	needles  []string // longest first
	replacer *strings.Replacer
}

func (m matcher) with(more []string) matcher {
	needles := slices.Concat(m.needles, more)
	slices.SortFunc(needles, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	needles = slices.Compact(needles)
	pairs := make([]string, 0, 2*len(needles))
	for _, n := range needles {
		pairs = append(pairs, n, Mark)
	}
	return matcher{needles: needles, replacer: strings.NewReplacer(pairs...)}
}

// mask replaces the forms in text, first as they are and then under layers of escapes.
func (m matcher) mask(text string) string {
	if len(m.needles) == 0 {
		return text
	}
	text = m.replacer.Replace(text)
	if !strings.ContainsAny(text, `%\`) {
		return text
	}
	var hits []span
	layer := plain(text)
	for range maxEscapes {
		var changed bool
		if layer, changed = layer.unescape(); !changed {
			break
		}
		hits = append(hits, layer.find(m.needles)...)
	}
	return replaceSpans(text, hits)
}

// span is a range of bytes of the original text.
type span struct{ from, to int }

// replaceSpans puts Mark in the place of each span; overlapping ones become one.
func replaceSpans(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, s := range spans {
		if s.from >= at {
			b.WriteString(text[at:s.from])
			b.WriteString(Mark)
		}
		at = max(at, s.to)
	}
	b.WriteString(text[at:])
	return b.String()
}
