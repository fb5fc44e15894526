package resolve

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// index finds the places of names and ids in one complete list, so that a batch of thousands does not search
// the list for each of its rows. The list must not change once it was asked.
type index struct {
	once   sync.Once
	at     map[string][]int
	misses atomic.Int64 // names that were not found
	asked  atomic.Int64
}

// fewLookups is how many names are searched for in the list itself: less work than an index for so few.
const fewLookups = 3

// mostSuggestions is for how many unknown names the nearest are looked for. That takes a while in a long list,
// and a file in which everything is wrong has another problem than its spelling.
const mostSuggestions = 20

// find returns the places of a key; entries lists the keys of a place, called once for each of count places.
func (x *index) find(key string, count int, entries func(i int) []string) []int {
	x.once.Do(func() {
		x.at = make(map[string][]int, 2*count)
		for i := range count {
			for _, entry := range entries(i) {
				places := x.at[entry]
				if len(places) == 0 || places[len(places)-1] != i { // two names of one thing may be equal
					x.at[entry] = append(places, i)
				}
			}
		}
	})
	return x.at[key]
}

// lookup is find for the things of a source; prefix keeps names and ids apart.
func (s source[T]) lookup(all []T, prefix, key string) []T {
	if s.index.asked.Add(1) <= fewLookups {
		return s.scan(all, prefix == "id:", key)
	}
	found := s.index.find(prefix+key, len(all), func(i int) []string {
		entries := []string{"id:" + strings.ToLower(s.id(all[i]))}
		for _, name := range s.names(all[i]) {
			entries = append(entries, "name:"+s.compared(name))
		}
		return entries
	})
	matches := make([]T, len(found))
	for i, place := range found {
		matches[i] = all[place]
	}
	return matches
}

// scan is lookup without an index.
func (s source[T]) scan(all []T, byID bool, key string) []T {
	var matches []T
	for _, item := range all {
		if byID && strings.EqualFold(s.id(item), key) ||
			!byID && slices.ContainsFunc(s.names(item), func(name string) bool { return s.compared(name) == key }) {
			matches = append(matches, item)
		}
	}
	return matches
}

// compared is the form in which two names are compared.
func (s source[T]) compared(name string) string {
	if s.form == nil {
		return name
	}
	return s.form(name)
}
