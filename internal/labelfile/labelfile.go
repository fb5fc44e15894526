// Package labelfile is the file in which an organization's label table is corrected: which tuples a word of the
// permission pages stands for, as learned from a group that was set up in the web application (docs/permissions.md).
// It knows the format; where the file is, internal/config says.
package labelfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/policy/syntax"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// version is the format of the file.
const version = "1"

// Entry is one correction.
type Entry struct {
	access.Label
	Learned string // where from, for people
}

// Name is the file of a profile, or of all of them: "".
func Name(profile string) string {
	if profile == "" {
		return "labels.yaml"
	}
	return "labels-" + profile + ".yaml"
}

// Read reads a file of corrections. The error lists every mistake with its line.
func Read(path string, data []byte) ([]Entry, error) {
	r := reader{problems: new(syntax.Problems)}
	root := syntax.Parse(path, data, r.problems)
	var entries []Entry
	if root != nil {
		entries = r.file(root)
	}
	if err := r.problems.Err(); err != nil {
		if invalid, ok := errors.AsType[*syntax.InvalidError](err); ok {
			invalid.What = "the corrections of the label table are"
		}
		return nil, err
	}
	return entries, nil
}

// reader notes what is wrong while it reads. A correction says who gets what: nothing in it is passed over.
type reader struct{ problems *syntax.Problems }

func (r reader) file(root *syntax.Node) []Entry {
	r.keys(root, "version", "labels")
	if v := root.Get("version"); v == nil || v.Value != version {
		r.problems.Errorf(root.At, "the file must say version: %s", version).WithHint("a newer btadmin may have written it")
		return nil
	}
	list := root.Get("labels")
	if list == nil || list.Kind != syntax.Sequence {
		r.problems.Errorf(root.At, "the file must have a list of labels")
		return nil
	}
	var entries []Entry
	table := access.Table{}
	for _, n := range list.Items {
		before := r.problems.Errors()
		e := r.entry(n)
		if r.problems.Errors() > before {
			continue
		}
		if slices.ContainsFunc(entries, func(x Entry) bool { return x.Scope == e.Scope && x.Word == e.Word }) {
			r.problems.Errorf(n.At, "the word %s of %s is corrected twice", e.Word, e.Scope)
			continue
		}
		if _, err := table.Correct(e.Label); err != nil {
			var overlap *access.CorrectionError
			if !errors.As(err, &overlap) || !overlap.Shared { // two words may have changed places: all together decides
				r.problems.Errorf(n.At, "%v", err)
				continue
			}
		}
		entries = append(entries, e)
	}
	if !r.problems.Failed() {
		if _, err := table.Correct(Labels(entries)...); err != nil {
			r.problems.Errorf(list.At, "%v", err)
		}
	}
	return entries
}

func (r reader) entry(n *syntax.Node) Entry {
	r.keys(n, "scope", "word", "grants", "confidence", "learned")
	e := Entry{
		Label: access.Label{
			Scope: access.Scope(r.text(n, "scope")), Word: r.text(n, "word"), Confidence: r.text(n, "confidence"),
		},
	}
	if learned := n.Get("learned"); learned != nil {
		e.Learned = learned.Value
	}
	grants := n.Get("grants")
	if grants == nil || grants.Kind != syntax.Sequence {
		r.problems.Errorf(n.At, "a correction needs a list of grants")
		return e
	}
	for _, g := range grants.Items {
		r.keys(g, "on", "permission", "restrict")
		grant := access.LabelGrant{Tuple: access.Tuple{Permission: braintrust.Permission(r.text(g, "permission"))}}
		if on := g.Get("on"); on != nil {
			grant.On = braintrust.ObjectType(on.Value)
		}
		if restrict := g.Get("restrict"); restrict != nil {
			grant.Tuple.Restrict = braintrust.ObjectType(restrict.Value)
		}
		if grant.On == braintrust.ObjectOrganization {
			grant.On = "" // the row's own node
		}
		e.Grants = append(e.Grants, grant)
	}
	return e
}

// keys refuses what is no mapping of these keys to what they hold.
func (r reader) keys(n *syntax.Node, known ...string) {
	if n.Kind != syntax.Mapping {
		r.problems.Errorf(n.At, "this must be a mapping with the keys %s", strings.Join(known, ", "))
		return
	}
	for _, p := range n.Pairs {
		if !slices.Contains(known, p.Key.Value) {
			r.problems.Errorf(p.Key.At, "unknown key %q: the keys are %s", p.Key.Value, strings.Join(known, ", "))
		}
	}
}

func (r reader) text(n *syntax.Node, key string) string {
	value := n.Get(key)
	if n.Kind != syntax.Mapping {
		return ""
	}
	if value == nil || value.Kind != syntax.Scalar || value.Value == "" {
		r.problems.Errorf(n.At, "the key %s is missing or is no single value", key)
		return ""
	}
	return value.Value
}

// Labels are the corrections as the table takes them.
func Labels(entries []Entry) []access.Label {
	labels := make([]access.Label, len(entries))
	for i, e := range entries {
		labels[i] = e.Label
	}
	return labels
}

// Put adds a correction, or puts it in the place of the one for the same word.
func Put(entries []Entry, e Entry) []Entry {
	out := slices.DeleteFunc(slices.Clone(entries), func(x Entry) bool { return x.Scope == e.Scope && x.Word == e.Word })
	return append(out, e)
}

// Write renders a file that Read reads. Text that YAML would take for something else is quoted.
func Write(entries []Entry) []byte {
	var b strings.Builder
	b.WriteString("# What words of the permission pages stand for in this organization. Written by btadmin permissions learn;\n" +
		"# see btadmin help permissions. Without this file, the built-in table holds.\n")
	fmt.Fprintf(&b, "version: %s\nlabels:\n", version)
	for _, e := range entries {
		fmt.Fprintf(&b, "  - scope: %s\n    word: %s\n    confidence: %s\n", e.Scope, e.Word, e.Confidence)
		if e.Learned != "" {
			fmt.Fprintf(&b, "    learned: %s\n", quoted(e.Learned))
		}
		b.WriteString("    grants:\n")
		for _, g := range e.Grants {
			fmt.Fprintf(&b, "      - permission: %s\n", g.Tuple.Permission)
			if g.On != "" {
				fmt.Fprintf(&b, "        on: %s\n", g.On)
			}
			if g.Tuple.Restrict != "" {
				fmt.Fprintf(&b, "        restrict: %s\n", g.Tuple.Restrict)
			}
		}
	}
	if len(entries) == 0 {
		return []byte(strings.TrimSuffix(b.String(), "labels:\n") + "labels: []\n")
	}
	return []byte(b.String())
}

// quoted is a text between single quotes, on one line.
func quoted(s string) string {
	line := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return "'" + strings.ReplaceAll(line, "'", "''") + "'"
}
