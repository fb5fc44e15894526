package syntax_test

import (
	"testing"

	"btadmin/internal/policy/syntax"
)

func TestClassOf(t *testing.T) {
	t.Parallel()
	for class, words := range map[syntax.Class][]string{
		syntax.Null:       {"", "~", "null", "Null", "NULL"},
		syntax.Boolean:    {"true", "TRUE", "False"},
		syntax.OldBoolean: {"NO", "no", "Yes", "on", "OFF", "y", "N"},
		syntax.Integer:    {"0", "010", "-3", "+7", "0o17", "0xBEEF", "2026"},
		syntax.Float:      {"1.", "1.5", ".5", "-1e3", "6.02E+23", ".inf", "-.INF", ".nan"},
		syntax.Str: {
			"1_000", "2026-12-31", "12:30:45", "nope", "0o9", "0x", "1e", "e3", ".", "-", "+", "1.2.3", "nULL", "tRUE", "90d", "1-2",
			"v1", "0b11", "=", "<<",
		},
	} {
		for _, word := range words {
			if got := syntax.ClassOf(word); got != class {
				t.Errorf("ClassOf(%q) = %d, want %d", word, got, class)
			}
		}
	}
}
