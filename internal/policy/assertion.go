package policy

import (
	"btadmin/internal/policy/document"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Test is an assertion on effective access, read. Exactly one of Can, Cannot and Requires is set.
type Test struct {
	Name document.Text
	// Who the test is about. Only are those who may; everybody else may not.
	Who, Only, Except []Selector
	Can, Cannot       []access.Label
	// Requires is until, reason or approved_by.
	Requires string
	Where    Place
	At       document.Pos
}

// Place is where a test asks: a target, or the objects of a kind in it.
type Place struct {
	Target
	// Kind is the type of objects in a project (or in all projects) that is meant, "" for the target itself.
	Kind braintrust.ObjectType
	// Text is the place as it was written.
	Text string
}

// Selector names principals: one, or all that a pattern matches.
type Selector struct {
	Kind    PrincipalKind // Email, ServiceAccount, GroupName or UserID
	Pattern Pattern
	At      document.Pos
}

// Matches reports whether a principal is meant.
func (s Selector) Matches(kind PrincipalKind, name string) bool {
	if kind != s.Kind {
		return false
	}
	if kind == Email {
		return s.Pattern.MatchEmail(text.CanonicalEmail(name))
	}
	return s.Pattern.Match(name)
}
