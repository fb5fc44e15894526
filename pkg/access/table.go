package access

import (
	"fmt"
	"slices"

	"btadmin/pkg/braintrust"
)

// Table is a label table: which tuples each label of the permission pages stands for. The zero value is what is
// published or likely; Correct makes one that has learned better. A Table never changes.
type Table struct {
	corrected []Label
}

// Labels lists every label of every scope, in the order of the pages.
func (t Table) Labels() []Label {
	table := slices.Clone(published())
	for i, l := range table {
		if j := t.index(l.Scope, l.Word); j >= 0 {
			table[i].Grants, table[i].Confidence = t.corrected[j].Grants, t.corrected[j].Confidence
		}
	}
	return table
}

// Scope lists the labels of one scope.
func (t Table) Scope(scope Scope) []Label {
	return slices.DeleteFunc(t.Labels(), func(l Label) bool { return l.Scope != scope })
}

// Label finds a label by its word.
func (t Table) Label(scope Scope, word string) (Label, bool) {
	labels := t.Scope(scope)
	if i := slices.IndexFunc(labels, func(l Label) bool { return l.Word == word }); i >= 0 {
		return labels[i], true
	}
	return Label{}, false
}

// Corrected reports whether the tuples of a label are not the published ones.
func (t Table) Corrected(scope Scope, word string) bool { return t.index(scope, word) >= 0 }

func (t Table) index(scope Scope, word string) int {
	return slices.IndexFunc(t.corrected, func(l Label) bool { return l.Scope == scope && l.Word == word })
}

// Correct is the table with other tuples, and another confidence, for some of its labels. Scope and Word say which
// label is meant; its title stays. What no label can stand for is refused with a *CorrectionError:
//
//   - words that are not in the table, permissions and types that nobody knows;
//   - tuples of another row of the page;
//   - a tuple that two labels of a scope would share: taking one label away would take a part of the other;
//   - other tuples for read, create, update and delete: there would be no word left for the permission alone.
func (t Table) Correct(labels ...Label) (Table, error) {
	out := Table{corrected: slices.Clone(t.corrected)}
	for _, l := range labels {
		if err := t.check(l); err != nil {
			return Table{}, err
		}
		l.Grants = slices.Clone(l.Grants)
		if i := out.index(l.Scope, l.Word); i >= 0 {
			out.corrected[i] = l
		} else {
			out.corrected = append(out.corrected, l)
		}
	}
	return out, out.overlap()
}

// CorrectionError says why a label cannot stand for what a correction says.
type CorrectionError struct {
	Scope  Scope
	Word   string
	Reason string
	Shared bool // a tuple would belong to two words
}

// Error names the label.
func (e *CorrectionError) Error() string {
	return fmt.Sprintf("the word %s of %s: %s", e.Word, e.Scope, e.Reason)
}

func (t Table) check(l Label) error {
	wrong := func(format string, args ...any) error {
		return &CorrectionError{Scope: l.Scope, Word: l.Word, Reason: fmt.Sprintf(format, args...)}
	}
	if _, known := t.Label(l.Scope, l.Word); !known {
		return wrong("there is no such word in the label table")
	}
	if len(l.Grants) == 0 {
		return wrong("it would stand for nothing")
	}
	if !slices.Contains(Confidences(), l.Confidence) {
		return wrong("%q is no confidence: certain, likely or decided", l.Confidence)
	}
	for i, g := range l.Grants {
		switch {
		case !slices.Contains(braintrust.Permissions(), g.Tuple.Permission):
			return wrong("%q is no permission", g.Tuple.Permission)
		case g.Tuple.Restrict != "" && !slices.Contains(braintrust.ObjectTypes(), g.Tuple.Restrict):
			return wrong("%q is no type of object", g.Tuple.Restrict)
		case slices.Contains(l.Grants[:i], g):
			return wrong("%s is in it twice", g)
		case !g.fits(l.Scope):
			return wrong("%s belongs to another row of the page", g)
		}
	}
	if raw := braintrust.Permission(l.Word); slices.Contains(braintrust.Permissions(), raw) &&
		!slices.Equal(l.Grants, []LabelGrant{{Tuple: Tuple{Permission: raw}}}) {
		return wrong("it is the name of a permission of the API as well, and cannot stand for anything else")
	}
	return nil
}

// fits reports whether a tuple can be a label's of the scope. The organization's row has those on members and audit
// logs besides; every other row has the unrestricted tuples of one node, and the kind of the objects scope is filled in.
func (g LabelGrant) fits(scope Scope) bool {
	if scope != ScopeOrganization {
		return g.On == "" && g.Tuple.Restrict == ""
	}
	switch g.On {
	case "":
		return true
	case braintrust.ObjectOrgMember, braintrust.ObjectOrgAuditLogs:
		return g.Tuple.Restrict == ""
	}
	return false
}

// String is the tuple with the node it is on, when that is not the row's own: "org_member create".
func (g LabelGrant) String() string {
	if g.On == "" {
		return g.Tuple.String()
	}
	return string(g.On) + " " + g.Tuple.String()
}

func (t Table) overlap() error {
	type place struct {
		scope Scope
		grant LabelGrant
	}
	owner := map[place]string{}
	for _, l := range t.Labels() {
		for _, g := range l.Grants {
			at := place{l.Scope, g}
			if other, taken := owner[at]; taken {
				word := l.Word
				if !t.Corrected(l.Scope, word) {
					word, other = other, word
				}
				return &CorrectionError{Scope: l.Scope, Word: word, Shared: true, Reason: fmt.Sprintf("%s belongs to the word %s already", g, other)}
			}
			owner[at] = l.Word
		}
	}
	return nil
}
