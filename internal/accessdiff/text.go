package accessdiff

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// listed is how many names stand below a sentence that only counts them.
const listed = 20

// Text is a report for people, "" when nothing differs: what Facts says, then a sentence for each change, with the
// names below it when the sentence only counts them.
func Text(r *diff.Report, n Names) string {
	var b strings.Builder
	for _, fact := range Facts(r, n) {
		b.WriteString(fact + "\n")
	}
	if b.Len() > 0 && len(r.Changes) > 0 {
		b.WriteString("\n")
	}
	for _, c := range Changes(r, n) {
		sign := "-"
		if c.Gained {
			sign = "+"
		}
		fmt.Fprintf(&b, "%s %s\n", sign, c.Phrase)
		if who := c.Everybody(n); who != "" {
			fmt.Fprintf(&b, "    who: %s\n", who)
		}
		if on := c.Everywhere(n); on != "" {
			fmt.Fprintf(&b, "    on:  %s\n", on)
		}
	}
	return b.String()
}

// Facts are lines about the two states besides the changes: what appeared, vanished or is called differently, and who
// became an owner or is one no more.
func Facts(r *diff.Report, n Names) []string {
	var facts []string
	for _, section := range []struct {
		heading string
		things  []diff.Thing
	}{{"New", r.Appeared}, {"Gone", r.Vanished}} {
		if len(section.things) > 0 {
			facts = append(facts, section.heading+": "+things(section.things, n))
		}
	}
	for _, x := range r.Renamed {
		facts = append(facts, fmt.Sprintf("Renamed: %s, was %q", text.Visible(Thing(x.Thing, n)), text.Visible(x.From)))
	}
	if len(r.BecameOwner) > 0 {
		facts = append(facts, "Owner of the organization now: "+list(r.BecameOwner, n))
	}
	if len(r.NoLongerOwner) > 0 {
		facts = append(facts, "Owner of the organization no more: "+list(r.NoLongerOwner, n))
	}
	return facts
}

// Everybody names the principals whom the sentence only counts, "" when it names them.
func (c Told) Everybody(n Names) string {
	if len(c.Principals) <= few {
		return ""
	}
	return list(c.Principals, n)
}

// Everywhere names the places that the sentence only counts, "" when it names them.
func (c Told) Everywhere(n Names) string { return nodesList(gather(c.Places).counted(), n) }

// Thing names what appeared or vanished.
func Thing(t diff.Thing, n Names) string {
	if t.Kind == diff.KindUser {
		return n.Principal(access.Principal{Kind: access.PrincipalUser, ID: t.ID})
	}
	return n.Node(access.Node{Type: t.Kind, ID: t.ID})
}

func things(all []diff.Thing, n Names) string {
	return capped(len(all), func(i int) string { return Thing(all[i], n) })
}

func list(principals []access.Principal, n Names) string {
	return capped(len(principals), func(i int) string { return n.Principal(principals[i]) })
}

func nodesList(nodes []access.Node, n Names) string {
	return capped(len(nodes), func(i int) string { return n.Node(nodes[i]) })
}

// capped names the first of many and counts the rest.
func capped(count int, name func(int) string) string {
	names := make([]string, count)
	for i := range names {
		names[i] = text.Visible(name(i))
	}
	slices.Sort(names)
	told := strings.Join(names[:min(count, listed)], ", ")
	if count > listed {
		told += fmt.Sprintf(", and %d more", count-listed)
	}
	return told
}

// counted are the nodes that a sentence counts instead of naming them.
func (g gathered) counted() []access.Node {
	var out []access.Node
	for _, l := range g.alike() {
		if t := l.nodes[0].Type; len(l.nodes) > few && t != braintrust.ObjectOrganization {
			out = append(out, l.nodes...)
		}
	}
	return out
}
