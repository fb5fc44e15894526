package compiled

import (
	"testing"

	"pgregory.net/rapid"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// A filter never denies what is in the list, and denies most of what is not.
func TestFilter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var f filter
		in := map[uint32]bool{}
		for _, n := range rapid.SliceOfN(rapid.Uint32(), 0, 500).Draw(t, "added") {
			f.add(n)
			in[n] = true
		}
		for n := range in {
			if !f.may(n) {
				t.Fatalf("%d was added and is denied", n)
			}
		}
	})
	var f filter
	for n := range uint32(64) {
		f.add(n * 7)
	}
	passed := 0
	for n := range uint32(10_000) {
		if f.may(1_000 + n) {
			passed++
		}
	}
	if passed > 2_500 {
		t.Errorf("%d of 10,000 strangers pass a filter of 64", passed)
	}
}

// Every type that has a lane has a place of its own in the table of names.
func TestNamesOfTypesHavePlaces(t *testing.T) {
	t.Parallel()
	d := newDirectory(&access.Snapshot{})
	for want, name := range kindNames() {
		if got, known := d.kind(name); !known || got != kind(want) {
			t.Errorf("%q is kind %d, %v; want %d", name, got, known, want)
		}
	}
	for _, name := range []braintrust.ObjectType{"projects", "Project", "x", "prompt_sessiox", "\xff\xff"} {
		if got, known := d.kind(name); known {
			t.Errorf("%q is taken for kind %d", name, got)
		}
	}
}
