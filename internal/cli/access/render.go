package access

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/explain"
	"btadmin/internal/text"
)

// render is an explanation for people: for each permission the answer, then a tree of the ways to it.
func render(doc explainDocument) string {
	var b strings.Builder
	for i, check := range doc.Checks {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s: %s\n", yesNo(check.Allowed), sentence(check))
		renderAll(&b, check.Permissions)
	}
	return b.String()
}

// slot stands for the names of the permissions while their trees are compared.
const slot = "\x00"

// renderAll renders the permissions that a word stands for; those with the same reasons share one tree.
func renderAll(b *strings.Builder, permissions []explainedPermission) {
	type tree struct {
		allowed bool
		text    string
		names   []string
	}
	var trees []tree
	for _, p := range permissions {
		var one strings.Builder
		renderPermission(&one, p)
		i := slices.IndexFunc(trees, func(t tree) bool { return t.allowed == p.Allowed && t.text == one.String() })
		if i < 0 {
			i = len(trees)
			trees = append(trees, tree{allowed: p.Allowed, text: one.String()})
		}
		trees[i].names = append(trees[i].names, p.Permission)
	}
	for _, t := range trees {
		names := text.Visible(strings.Join(t.names, ", "))
		if len(trees) > 1 {
			fmt.Fprintf(b, "\n%s: %s\n", yesNo(t.allowed), names)
		}
		b.WriteString("\n" + strings.ReplaceAll(t.text, slot, names))
	}
}

// sentence says what was found out, in the words that were typed.
func sentence(c explained) string {
	verb := "has"
	if !c.Allowed {
		verb = "does not have"
	}
	on := " on "
	if c.Kind != "" {
		on = " for " + c.Kind + " in "
	}
	return text.Visible(c.Principal) + " " + verb + " " + c.Permission + on + text.Visible(c.Object)
}

func renderPermission(b *strings.Builder, p explainedPermission) {
	if !p.Exists {
		fmt.Fprintf(b, "  %s does not exist, or is deleted: nothing can be granted there\n", text.Visible(p.On))
		return
	}
	if p.ByMembership {
		b.WriteString("  every member may, without a grant\n")
		return
	}
	if len(p.Paths) == 0 && len(p.Near) > 0 {
		b.WriteString("  nearest:\n" + explain.Tree(p.Near, slot, "  "))
	}
	b.WriteString(explain.Tree(p.Paths, slot, "  "))
	if p.Allowed {
		return
	}
	if len(p.Near) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "  looked at: %s\n", names(p.Subjects))
	held := "nothing"
	if len(p.Effective) > 0 {
		held = strings.Join(p.Effective, ", ")
	}
	where := text.Visible(p.On)
	if p.ChildType != "" {
		where = explain.Restriction(p.ChildType) + " in " + where
	}
	fmt.Fprintf(b, "  has on %s: %s\n", where, held)
}

func names(subjects []explain.Principal) string {
	out := make([]string, len(subjects))
	for i, s := range subjects {
		out[i] = text.Visible(s.Name)
	}
	return strings.Join(out, ", ")
}
