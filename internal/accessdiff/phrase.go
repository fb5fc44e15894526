package accessdiff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// few is how many things are named before they are counted.
const few = 3

// Phrase is a change in words, cut where a sentence is put together: Who Verb What on Where, Through. Nothing of it
// can do harm on a terminal.
type Phrase struct {
	Who, Verb, What, Where string
	Through                []string
	Except                 string // "" when nothing is excepted
}

// String is the phrase as one sentence.
func (p Phrase) String() string {
	s := fmt.Sprintf("%s %s %s on %s", p.Who, p.Verb, p.What, p.Where)
	if len(p.Through) > 0 {
		s += " " + strings.Join(p.Through, "; ")
	}
	if p.Except != "" {
		s += ", " + p.Except
	}
	return s
}

// Told is a change with its words.
type Told struct {
	*diff.Change
	Phrase Phrase
}

// Changes are the changes of a report in words: from the organization downwards, then by how many are concerned.
func Changes(r *diff.Report, n Names) []Told {
	type part struct {
		gained bool
		about  braintrust.ObjectType
	}
	of := func(t Told) part { return part{t.Gained, t.Places[0].Node.Type} }
	ranks, out := map[part]int{}, make([]Told, len(r.Changes))
	for i := range r.Changes {
		out[i] = Told{&r.Changes[i], Phrases(r, &r.Changes[i], n)}
		if _, met := ranks[of(out[i])]; !met {
			ranks[of(out[i])] = len(ranks)
		}
	}
	slices.SortStableFunc(out, func(a, b Told) int {
		return cmp.Or(
			cmp.Compare(ranks[of(a)], ranks[of(b)]), cmp.Compare(len(b.Principals), len(a.Principals)),
			strings.Compare(string(b.Principals[0].Kind), string(a.Principals[0].Kind)), // people before groups
			strings.Compare(a.Phrase.String(), b.Phrase.String()),
		)
	})
	return out
}

// Phrases puts a change into words.
func Phrases(r *diff.Report, c *diff.Change, n Names) Phrase {
	verb := "lost"
	if c.Gained {
		verb = "gained"
	}
	return Phrase{
		Who: Who(c.Principals, n), Verb: verb, What: strings.Join(Words(c.Permissions), ", "),
		Where: Where(r, c.Places, n), Through: through(c, n), Except: except(c),
	}
}

// Who names a few principals and counts more of them.
func Who(principals []access.Principal, n Names) string {
	if len(principals) <= few {
		names := make([]string, len(principals))
		for i, p := range principals {
			names[i] = text.Visible(n.Principal(p))
		}
		slices.Sort(names)
		return and(names)
	}
	counts := map[string]int{}
	for _, p := range principals {
		counts[n.kind(p)]++
	}
	var parts []string
	for _, kind := range []struct{ kind, one, more string }{
		{"person", "person", "people"}, {"service_account", "service account", "service accounts"}, {"group", "group", "groups"},
	} {
		if count := counts[kind.kind]; count > 0 {
			parts = append(parts, counted(count, kind.one, kind.more))
		}
	}
	return and(parts)
}

func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Words are the words for permissions: manage-access only when it is whole, the raw ones otherwise.
func Words(permissions []braintrust.Permission) []string {
	manage := braintrust.ACLPermissions()
	whole := !slices.ContainsFunc(manage, func(p braintrust.Permission) bool { return !slices.Contains(permissions, p) })
	var words []string
	for _, p := range permissions {
		if !whole || !slices.Contains(manage, p) {
			words = append(words, text.Visible(string(p)))
		} else if p == manage[0] {
			words = append(words, access.ManageAccess)
		}
	}
	return words
}

func through(c *diff.Change, n Names) []string {
	var out []string
	for i, r := range c.Through {
		if i == few && len(c.Through) > few+1 {
			return append(out, fmt.Sprintf("and in %d more ways", len(c.Through)-few))
		}
		out = append(out, reason(c, r, n))
	}
	return out
}

func reason(c *diff.Change, r diff.Reason, n Names) string {
	s := "by a grant of their own"
	if len(c.Principals) == 1 {
		s = "by an own grant"
	}
	if r.Group != (access.Principal{}) {
		s = "through " + text.Visible(n.Principal(r.Group))
		if len(r.Via) == 1 && len(r.Via[0]) > 1 {
			s = "through " + text.Visible(n.Principal(r.Via[0][0])) + " in " + text.Visible(n.Principal(r.Group))
		}
	}
	if r.Role != "" {
		s += " by role " + text.Visible(n.Role(r.Role))
	}
	if r.On != (access.Node{}) && !slices.ContainsFunc(c.Places, func(p diff.Place) bool { return p.Node == r.On }) {
		s += " on " + text.Visible(n.Node(r.On))
	}
	var notes []string
	if r.BuiltIn {
		notes = append(notes, "built-in")
	}
	for _, link := range r.Changed {
		if link == diff.LinkMember && r.Group == (access.Principal{}) {
			link = linkOrganization
		}
		notes = append(notes, because(link, c.Gained))
	}
	if len(notes) > 0 {
		s += " (" + strings.Join(notes, ", ") + ")"
	}
	return s
}

// linkOrganization is LinkMember of somebody who holds a grant himself.
const linkOrganization diff.Link = "organization"

// because says what a change is due to.
func because(link diff.Link, gained bool) string {
	words := map[diff.Link][2]string{
		diff.LinkGrant:     {"new grant", "grant removed"},
		diff.LinkMember:    {"new member", "no longer a member"},
		linkOrganization:   {"new in the organization", "no longer in the organization"},
		diff.LinkGroup:     {"new member group", "no longer a member group"},
		diff.LinkRole:      {"the role gives more", "the role gives less"},
		diff.LinkContainer: {"moved", "moved"},
	}[link]
	if gained {
		return words[0]
	}
	return words[1]
}

// except says that some had part of it already, or have it still.
func except(c *diff.Change) string {
	who := map[access.Principal]bool{}
	for e := range c.Exceptions() {
		who[e.Principal] = true
	}
	kept := "what %s still"
	if c.Gained {
		kept = "what %s already"
	}
	switch {
	case len(who) == 0:
		return ""
	case len(c.Principals) == 1 && c.Gained:
		return "but for what was held already"
	case len(c.Principals) == 1:
		return "but for what is held still"
	case len(who) == 1:
		return "but for " + fmt.Sprintf(kept, "one of them held")
	}
	return "but for " + fmt.Sprintf(kept, fmt.Sprintf("%d of them held", len(who)))
}

func and(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
