package access

import (
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
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
	root := &branch{}
	for _, way := range p.Paths {
		root.add(steps(way))
	}
	if len(p.Paths) == 0 {
		for _, way := range p.Near {
			root.add(steps(way))
		}
		if len(p.Near) > 0 {
			b.WriteString("  nearest:\n")
		}
	}
	for _, first := range root.children {
		fmt.Fprintf(b, "  %s\n", first.text)
		first.print(b, "  ")
	}
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
		where = restriction(p.ChildType) + " in " + where
	}
	fmt.Fprintf(b, "  has on %s: %s\n", where, held)
}

func names(subjects []principal) string {
	out := make([]string, len(subjects))
	for i, s := range subjects {
		out[i] = text.Visible(s.Name)
	}
	return strings.Join(out, ", ")
}

// steps are the lines of one way: the principal, the groups in between, the grant, and down to the object.
func steps(way path) []string {
	var lines []string
	for i, s := range way.Subjects {
		name := text.Visible(s.Name)
		switch {
		case i == 0:
			lines = append(lines, name)
		case way.Subjects[i-1].Type == string(access.PrincipalUser):
			lines = append(lines, "is a member of "+name)
		default:
			lines = append(lines, "which is a member group of "+name)
		}
	}
	lines = append(lines, grantLine(way))
	for i := len(way.Nodes) - 2; i >= 0; i-- {
		lines = append(lines, "which contains "+text.Visible(way.Nodes[i].Name))
	}
	return lines
}

func grantLine(way path) string {
	line := "has " + slot
	if way.RestrictObjectType != "" {
		line += " for " + restriction(way.RestrictObjectType) + " only"
	}
	line += " on " + text.Visible(way.Object)
	if len(way.Roles) > 0 {
		line += " by role " + text.Visible(way.Roles[0].Name)
		for _, inner := range way.Roles[1:] {
			line += ", which includes " + text.Visible(inner.Name)
		}
	}
	if way.BuiltIn {
		return line + " (built-in)"
	}
	return line + " (ACL " + way.ACLID + ")"
}

// restriction names the things that a grant is restricted to.
func restriction(t string) string {
	objectType := braintrust.ObjectType(t)
	if title := access.KindTitle(objectType); title != t {
		return strings.ToLower(title)
	}
	return strings.ReplaceAll(t, "_", " ") + "s"
}

// branch is a line of the tree with what hangs below it. Ways that begin alike share their lines.
type branch struct {
	text     string
	children []*branch
}

func (t *branch) add(lines []string) {
	at := t
	for _, line := range lines {
		at = at.child(line)
	}
}

func (t *branch) child(line string) *branch {
	for _, c := range t.children {
		if c.text == line {
			return c
		}
	}
	c := &branch{text: line}
	t.children = append(t.children, c)
	return c
}

func (t *branch) print(b *strings.Builder, indent string) {
	for i, c := range t.children {
		if i == len(t.children)-1 {
			fmt.Fprintf(b, "%s└─ %s\n", indent, c.text)
			c.print(b, indent+"   ")
			continue
		}
		fmt.Fprintf(b, "%s├─ %s\n", indent, c.text)
		c.print(b, indent+"│  ")
	}
}
