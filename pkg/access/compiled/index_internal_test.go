package compiled

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Ids are compared whole: forms that only look alike, and ids that differ in one place, are different.
func TestIndexComparesWholeIDs(t *testing.T) {
	t.Parallel()
	const id = "0123abcd-4567-89ef-a0b1-c2d3e4f56789"
	x := newIndex(1)
	all := []string{id, "", "x", strings.ToUpper(id), "{" + id + "}", strings.ReplaceAll(id, "-", ""), id + " ", id[:35], strings.Replace(id, "-", "_", 1)}
	for i := range id {
		for c := range 256 {
			other := id[:i] + string([]byte{byte(c)}) + id[i+1:]
			if other != id {
				all = append(all, other)
			}
		}
	}
	known := map[string]uint32{}
	for _, one := range all {
		if _, again := known[one]; again {
			continue
		}
		if n, found := x.get(one); found {
			t.Fatalf("%q is taken for number %d", one, n)
		}
		n := uint32(len(known))
		known[one] = n
		x.put(one, n)
	}
	for one, want := range known {
		if got, found := x.get(one); !found || got != want {
			t.Fatalf("%q: got %d, want %d", one, got, want)
		}
	}
	if x.len() != len(known) {
		t.Errorf("%d ids, want %d", x.len(), len(known))
	}
}

// An index is a map of strings, also while it grows and after it was copied.
func TestIndexIsAMap(t *testing.T) {
	t.Parallel()
	ids := rapid.Custom(func(t *rapid.T) string {
		n := rapid.Uint64Range(0, 300).Draw(t, "id")
		return fmt.Sprintf([]string{"%08x-0000-4000-8000-000000000000", "00000000-0000-4000-8000-%012x", "%x"}[n%3], n)
	})
	rapid.Check(t, func(t *rapid.T) {
		x, model := newIndex(rapid.IntRange(0, 20).Draw(t, "room")), map[string]uint32{}
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			id, n := ids.Draw(t, "one"), rapid.Uint32Range(0, none-2).Draw(t, "number")
			model[id] = n
			x.put(id, n)
		}
		c := x.clone()
		c.put("later", 1)
		for _, id := range append(rapid.SliceOf(ids).Draw(t, "asked"), "later") {
			want, known := model[id]
			if !known {
				want = none
			}
			if got, found := x.get(id); got != want || found != known {
				t.Fatalf("%q: got %d %v, want %d %v", id, got, found, want, known)
			}
		}
	})
}
