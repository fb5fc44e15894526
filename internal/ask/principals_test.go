package ask_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/ask"
)

// TestSplit: names hold spaces, and a typed list ends in a comma easily.
func TestSplit(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]string{
		"":                nil,
		" , ;":            nil,
		"ana@example.com": {"ana@example.com"},
		"group:ML Research, sa:ci;bo@example.com": {"group:ML Research", "sa:ci", "bo@example.com"},
		"Ana Berg ,": {"Ana Berg"},
	} {
		if diff := cmp.Diff(want, ask.Split(typed)); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
}
