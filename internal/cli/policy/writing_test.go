package policy

import (
	"strings"
	"testing"

	"btadmin/internal/policy/document"
	"btadmin/internal/policy/syntax"
)

// Only what cannot be one file, however it is written, is refused before it is written.
func TestTooLong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		reason  string
		refused bool
	}{
		{"short", "because", false},
		{"as long as can be", strings.Repeat("x", syntax.MaxBytes-100), false},
		{"longer", strings.Repeat("x", syntax.MaxBytes+1), true},
		{"twice as long as JSON alone", strings.Repeat(`"`, syntax.MaxBytes-100), false},
		{"six times as long as JSON alone", strings.Repeat("\x01", syntax.MaxBytes/3), false},
	} {
		var doc document.Document
		doc.Groups.Put("QA", document.Group{At: document.Here(), Description: document.NewText(tt.reason)})
		if err := tooLong(&doc); (err != nil) != tt.refused {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
