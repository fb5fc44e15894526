package explain

import (
	"fmt"
	"strings"

	"btadmin/internal/change"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Tree shows the ways to a permission, one line each link: those that begin alike share their lines. What stands for
// the permission is put into the lines as it is; names are made harmless. Every line begins with indent.
func Tree(paths []Path, permission, indent string) string {
	root := &branch{}
	for _, way := range paths {
		root.add(steps(way, permission))
	}
	var b strings.Builder
	for _, first := range root.children {
		fmt.Fprintf(&b, "%s%s\n", indent, first.text)
		first.print(&b, indent)
	}
	return b.String()
}

// steps are the lines of one way: the principal, the groups in between, the grant, and down to the object.
func steps(way Path, permission string) []string {
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
	lines = append(lines, grantLine(way, permission))
	for i := len(way.Nodes) - 2; i >= 0; i-- {
		lines = append(lines, "which contains "+text.Visible(way.Nodes[i].Name))
	}
	return lines
}

func grantLine(way Path, permission string) string {
	line := "has " + permission
	if way.RestrictObjectType != "" {
		line += " for " + Restriction(way.RestrictObjectType) + " only"
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
	if _, planned := change.IsNew(way.ACLID); planned {
		return line + " (new grant)"
	}
	return line + " (ACL " + way.ACLID + ")"
}

// Restriction names the things that a grant is restricted to, such as datasets.
func Restriction(t string) string {
	objectType := braintrust.ObjectType(t)
	if title := access.KindTitle(objectType); title != t {
		return strings.ToLower(title)
	}
	return strings.ReplaceAll(t, "_", " ") + "s"
}

// branch is a line of the tree with what hangs below it.
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
