package access

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/access/paths"
)

// sentence is one step in words: what he does, and why he can.
func (d *describer) sentence(link paths.Link) string {
	on := d.node(link.On)
	what := map[paths.Action]string{
		paths.JoinGroup: "joins " + on + ", which he may update",
		paths.EditRole:  "adds every permission to " + on + ", which he may update",
		paths.Grant:     "gives himself everything on " + on + ", where he may manage access",
	}[link.Action]
	what += ": " + d.because(link.By)
	for _, p := range link.Carried {
		what += "; " + d.carries(p) + " carries it"
	}
	return what
}

// because says what a right rests on.
func (d *describer) because(p paths.Proof) string {
	if p.ACL.ID == "" {
		return fmt.Sprintf("by step %d", p.Step)
	}
	reason := d.holding(p) + " has " + d.gift(p.ACL) + " on " + d.node(access.NodeOf(p.ACL.ACLItem)) + d.id(p)
	if p.Step > 0 {
		reason += fmt.Sprintf(", after step %d", p.Step)
	}
	return reason
}

func (d *describer) carries(p paths.Proof) string {
	return "the grant of it to " + d.holding(p) + " on " + d.node(access.NodeOf(p.ACL.ACLItem)) + d.id(p)
}

func (d *describer) id(p paths.Proof) string {
	if p.BuiltIn {
		return " (built-in)"
	}
	return " (ACL " + p.ACL.ID + ")"
}

// holding is the subject of a grant and how he belongs to it.
func (d *describer) holding(p paths.Proof) string {
	if len(p.Subjects) < 2 {
		return "he"
	}
	return "he, as a member of " + d.nested(p.Subjects[1:]) + ","
}

// nested is a group and the groups that it is a member group of.
func (d *describer) nested(groups []access.Principal) string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = d.principal(g)
	}
	return strings.Join(names, ", which is a member group of ")
}

// end is what he has after the last step.
func (d *describer) end(c paths.Climber) string {
	goal := "manages access on " + d.name
	if d.goal.Owner {
		goal = "owns the organization"
	}
	if len(c.Power.Subjects) > 1 {
		return "is then a member of " + d.nested(c.Power.Subjects[1:]) + ", and " + goal
	}
	return "then " + goal
}

func (c climber) sentences() []string {
	var out []string
	for _, s := range c.Chain {
		out = append(out, s.Text)
	}
	return append(out, c.Text)
}

// mostNames is how many names a person reads before the rest is counted.
const mostNames = 12

func renderPaths(doc *pathsDocument) string {
	var b strings.Builder
	power := "manage access on " + text.Visible(doc.To)
	if doc.To == "owner" {
		power = "own the organization"
	}
	if !doc.Exists {
		return text.Visible(doc.To) + " does not exist, or is deleted: nothing can be granted there\n"
	}
	fmt.Fprintf(&b, "%s already: %s\n", power, counted(len(doc.Holders), "member"))
	if len(doc.Holders) > 0 {
		fmt.Fprintf(&b, "  %s\n", holderNames(doc.Holders))
	}
	fmt.Fprintf(&b, "\ncould get there: %s\n", counted(len(doc.Climbers), "member"))
	renderRoutes(&b, doc.Climbers)
	if len(doc.Cuts) > 0 {
		b.WriteString("\nwhat stops most of them:\n")
	}
	left := len(doc.Climbers)
	for _, c := range doc.Cuts {
		fmt.Fprintf(&b, "  without %s: %d of %d stopped\n      %s\n", text.Visible(c.Text), len(c.Stops), left, text.Visible(c.Fix))
		left -= len(c.Stops)
	}
	if !doc.Complete {
		b.WriteString("\nsome grants could not be read: there may be more\n")
	}
	return b.String()
}

// sharedRoute is a way to the power with everybody who has it.
type sharedRoute struct {
	climber
	who []holder
}

// routesOf are the chains, each once, the shortest first.
func routesOf(climbers []climber) []sharedRoute {
	at := map[string]int{}
	var out []sharedRoute
	for _, c := range climbers {
		key := strings.Join(c.sentences(), "\n")
		i, known := at[key]
		if !known {
			i = len(out)
			at[key] = i
			out = append(out, sharedRoute{climber: c})
		}
		out[i].who = append(out[i].who, c.holder)
	}
	slices.SortStableFunc(out, func(a, b sharedRoute) int { return a.Steps - b.Steps })
	return out
}

func renderRoutes(b *strings.Builder, climbers []climber) {
	for _, r := range routesOf(climbers) {
		fmt.Fprintf(b, "\n  in %s: %s\n", text.Count(r.Steps, "step"), holderNames(r.who))
		for i, s := range r.Chain {
			fmt.Fprintf(b, "    %d. %s\n", i+1, text.Visible(s.Text))
		}
		fmt.Fprintf(b, "    %s\n", text.Visible(r.Text))
	}
}

func holderNames(holders []holder) string {
	var names []string
	for i, h := range holders {
		if i == mostNames {
			names = append(names, fmt.Sprintf("and %d more", len(holders)-i))
			break
		}
		names = append(names, text.Visible(h.label()))
	}
	return strings.Join(names, ", ")
}

// label is a holder's name, and who else can act as him.
func (h holder) label() string {
	if h.Tokens != nil && *h.Tokens > 0 {
		return h.Principal + " (and whoever has " + tokensOf(*h.Tokens) + ")"
	}
	return h.Principal
}

func tokensOf(n int) string {
	if n == 1 {
		return "its token"
	}
	return fmt.Sprintf("one of its %d tokens", n)
}
