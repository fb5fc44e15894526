package text

import (
	"slices"
	"strings"
)

// maxNearest is how many suggestions are still a help.
const maxNearest = 3

// Nearest returns the candidates that a person who typed word may have meant, best first, at most three. The
// comparison ignores case and counts insertions, deletions, substitutions and swapped neighbours; a third of
// the word's letters may differ (at least one, at most four). A candidate that starts with the word counts as near.
// Of an address both parts must be near: a long domain in common makes nobody somebody else.
func Nearest(word string, candidates []string) []string {
	type scored struct {
		name     string
		distance int
	}
	typed := []rune(strings.ToLower(word))
	if len(typed) == 0 || len(typed) > 200 {
		return nil
	}
	limit := maxDistance(typed)
	var near []scored
	for _, c := range candidates {
		have := []rune(strings.ToLower(c))
		switch d := apart(typed, have); {
		case d <= limit:
			near = append(near, scored{c, d})
		case len(typed) >= 3 && strings.HasPrefix(string(have), string(typed)):
			near = append(near, scored{c, limit + 1})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return a.distance - b.distance })
	var names []string
	for _, s := range near {
		if len(names) == maxNearest {
			break
		}
		if !slices.Contains(names, s.name) {
			names = append(names, s.name)
		}
	}
	return names
}

func maxDistance(typed []rune) int { return min(max(len(typed)/3, 1), 4) }

// apart is the distance of two words, or of two addresses: more than may be when one of the parts is too far.
func apart(typed, have []rune) int {
	limit := maxDistance(typed)
	i, j := slices.Index(typed, '@'), slices.Index(have, '@')
	if i < 0 || j < 0 {
		return distance(typed, have, limit)
	}
	local, domain := maxDistance(typed[:i]), maxDistance(typed[i+1:])
	of, at := distance(typed[:i], have[:j], local), distance(typed[i+1:], have[j+1:], domain)
	if of > local || at > domain {
		return limit + 1
	}
	return of + at
}

// distance is the optimal string alignment distance of a and b (Damerau-Levenshtein without edits inside a
// swap); it gives up with limit+1 as soon as the limit cannot be kept.
func distance(a, b []rune, limit int) int {
	if diff := len(a) - len(b); diff > limit || -diff > limit {
		return limit + 1
	}
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		best := current[0]
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
			best = min(best, current[j])
		}
		if best > limit {
			return limit + 1
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
