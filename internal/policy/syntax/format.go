package syntax

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Format returns a document in its canonical layout: two spaces a level, one space before a comment, double quotes
// where quotes are needed, at most one blank line, and the order, the comments and the inline lists of the author.
// The result means the same and has every comment, which is checked; formatting it again changes nothing. It
// returns nil when the document cannot be read, and notes why in ps.
func Format(file string, data []byte, ps *Problems) []byte {
	before := Parse(file, data, ps)
	if before == nil || ps.Failed() {
		return nil
	}
	out := data
	for range 4 { // a comment may find its place only in the second round
		next, err := layout(out)
		if err != nil {
			ps.Errorf(In(file), "writing the document anew: %v", err)
			return nil
		}
		if bytes.Equal(next, out) {
			return kept(file, before, data, out, ps)
		}
		out = next
	}
	ps.Errorf(In(file), "the layout of this document does not settle").WithHint("move comments out of the middle of lists in brackets")
	return nil
}

// kept makes sure that nothing was lost.
func kept(file string, before *Node, data, out []byte, ps *Problems) []byte {
	var again Problems
	after := Parse(file, out, &again)
	if after == nil || again.Failed() || !Same(before, after) {
		ps.Errorf(In(file), "the document cannot be written anew without changing what it means").
			WithHint("move comments out of the middle of values")
		return nil
	}
	if have, want := comments(string(out)), comments(string(data)); !slices.Equal(have, want) {
		ps.Errorf(In(file), "the document cannot be written anew without losing a comment").
			WithHint("give the comment a line of its own above what it is about")
		return nil
	}
	return out
}

// layout runs the library's writer and puts the author's blank lines back.
func layout(data []byte) (out []byte, err error) {
	defer func() { // the library is not ours, and half a document is worse than none
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML library failed: %v", r)
		}
	}()
	var ps Problems
	root := load("", data, &ps)
	if root == nil {
		return nil, ps.Err()
	}
	restyle(root)
	text, err := dump(root)
	if err != nil {
		return nil, err
	}
	written := load("", text, &ps)
	if written == nil {
		return nil, ps.Err()
	}
	return blankLines(string(data), root, string(text), written), nil
}

// dump writes nodes with the settings of the canonical layout.
func dump(root *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	dumper, err := yaml.NewDumper(&b, yaml.WithV4Defaults(), yaml.WithLineWidth(-1), yaml.WithCompactSeqIndent(false), yaml.WithQuotePreference(yaml.QuoteDouble))
	if err != nil {
		return nil, err
	}
	if err := dumper.Dump(root); err != nil {
		return nil, err
	}
	if err := dumper.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// restyle writes quotes the same way everywhere.
func restyle(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Style&yaml.SingleQuotedStyle != 0 && !strings.ContainsAny(n.Value, `"\`) {
		n.Style = n.Style&^yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle
	}
	for _, child := range n.Content {
		restyle(child)
	}
}

// blankLines puts a blank line before everything that had one, comments above it included.
func blankLines(data string, was *yaml.Node, written string, is *yaml.Node) []byte {
	old, lines := splitLines(data), splitLines(written)
	wanted := map[int]bool{} // by index of the line that follows
	var walk func(a, b *yaml.Node)
	walk = func(a, b *yaml.Node) {
		if a.Line > 0 && a.Line <= len(old) && b.Line > 0 && b.Line <= len(lines) && first(old[a.Line-1], a.Column) && first(lines[b.Line-1], b.Column) {
			if i := above(old, a.Line-1); i > 0 && strings.TrimSpace(old[i-1]) == "" {
				wanted[above(lines, b.Line-1)] = true
			}
		}
		for i := range min(len(a.Content), len(b.Content)) {
			walk(a.Content[i], b.Content[i])
		}
	}
	walk(was, is)
	var out bytes.Buffer
	for i, line := range lines {
		if wanted[i] && out.Len() > 0 && !bytes.HasSuffix(out.Bytes(), []byte("\n\n")) {
			out.WriteByte('\n')
		}
		if i < len(lines)-1 || line != "" {
			out.WriteString(line + "\n")
		}
	}
	return out.Bytes()
}

// first reports whether nothing but indentation and the dashes of lists stands before a column.
func first(line string, column int) bool {
	runes := []rune(line)
	return strings.Trim(string(runes[:min(max(column-1, 0), len(runes))]), " -") == ""
}

// above is the index of the first of the comment lines that stand directly above a line.
func above(lines []string, i int) int {
	for i > 0 && strings.HasPrefix(strings.TrimSpace(lines[i-1]), "#") {
		i--
	}
	return i
}

// comments lists the texts of what looks like comments, sorted. Text in quotes that looks like one is counted in
// both documents alike.
func comments(data string) []string {
	var out []string
	for _, line := range splitLines(data) {
		trimmed := strings.TrimSpace(line)
		if i := strings.Index(" "+trimmed, " #"); i >= 0 {
			out = append(out, strings.TrimSpace((" " + trimmed)[i+1:]))
		}
	}
	slices.Sort(out)
	return out
}

// Same reports whether two trees have the same contents, wherever they stand.
func Same(a, b *Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || a.Plain != b.Plain && ClassOf(a.Value) != Str || len(a.Items) != len(b.Items) || len(a.Pairs) != len(b.Pairs) {
		return false
	}
	for i := range a.Items {
		if !Same(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for i := range a.Pairs {
		if !Same(a.Pairs[i].Key, b.Pairs[i].Key) || !Same(a.Pairs[i].Value, b.Pairs[i].Value) {
			return false
		}
	}
	return true
}
