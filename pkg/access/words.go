package access

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/pkg/braintrust"
)

// WordError says that a permission word does not belong to a scope.
type WordError struct {
	Word  string
	Scope Scope
	Known []string // the words of that scope
}

// Error names the word and the words that fit.
func (e *WordError) Error() string {
	return fmt.Sprintf("unknown permission %q for %s: one of %s", e.Word, e.Scope, strings.Join(e.Known, ", "))
}

// Words lists what may be typed for a scope: its labels, the raw permissions, all and none.
func Words(scope Scope) []string {
	var words []string
	for _, l := range (Table{}).Scope(scope) {
		words = append(words, l.Word)
	}
	for _, permission := range braintrust.Permissions() {
		if !slices.Contains(words, string(permission)) {
			words = append(words, string(permission))
		}
	}
	return append(words, "all", "none")
}

// ParseWords reads a comma separated list of permission words: labels of the scope, raw permissions
// (which stand for themselves), "all" (every label except manage-access) and "none" (nothing, only alone).
// Each label comes back once, in the order typed. Errors: *WordError, or a complaint about "none".
func (t Table) ParseWords(scope Scope, words string) ([]Label, error) {
	table := t.Scope(scope)
	chosen := []Label{}
	add := func(l Label) {
		if !slices.ContainsFunc(chosen, func(c Label) bool { return c.Word == l.Word }) {
			chosen = append(chosen, l)
		}
	}
	none := false
	for typed := range strings.SplitSeq(words, ",") {
		word := strings.ToLower(strings.TrimSpace(typed))
		i := slices.IndexFunc(table, func(l Label) bool { return l.Word == strings.ReplaceAll(word, "_", "-") })
		raw := braintrust.Permission(strings.ReplaceAll(word, "-", "_"))
		switch {
		case word == "":
			return nil, fmt.Errorf("an empty permission word in %q", words)
		case word == "none":
			none = true
		case word == "all":
			for _, l := range table {
				if l.Word != ManageAccess {
					add(l)
				}
			}
		case i >= 0:
			add(table[i])
		case slices.Contains(braintrust.Permissions(), raw):
			add(RawLabel(scope, raw))
		default:
			return nil, &WordError{Word: strings.TrimSpace(typed), Scope: scope, Known: Words(scope)}
		}
	}
	if none && len(chosen) > 0 {
		return nil, fmt.Errorf("\"none\" stands alone, but was given with other permissions in %q", words)
	}
	return chosen, nil
}

// RawLabel is a label that stands for exactly one raw permission of a scope's own node.
func RawLabel(scope Scope, permission braintrust.Permission) Label {
	return Label{
		Scope: scope, Word: string(permission), Title: string(permission), Confidence: Certain,
		Grants: []LabelGrant{{Tuple: Tuple{Permission: permission}}},
	}
}
