package syntax

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"btadmin/internal/text"
)

// The limits of one file (C1). A tree costs about 300 bytes a node, and the library needs another 2 kB and 3 us to
// read one within brackets, so the number of characters that can begin one is limited as well as the size.
const (
	MaxBytes    = 5 << 20
	maxMarks    = 500_000
	maxFlow     = 200_000 // of them within brackets
	maxDepth    = 32
	maxExpanded = 10_000 // nodes that aliases may add
)

// Parse reads one YAML document. It returns nil when there is none to work with; what is wrong is added to ps, and
// so is the text, for the excerpts of problems found later: data must not be changed.
func Parse(file string, data []byte, ps *Problems) *Node {
	start := At(file, 1, 1)
	if len(data) > MaxBytes {
		ps.Errorf(In(file), "the file is larger than %d MiB", MaxBytes>>20).WithHint("a policy may be split over several files of one folder")
		return nil
	}
	if !readable(file, data, ps) {
		return nil
	}
	ps.keep(file, hideKeys(file, data, ps))
	root := load(file, data, ps)
	if root == nil {
		return nil
	}
	c := converter{file: nameOf(file), problems: ps, open: map[*yaml.Node]bool{}}
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	n := c.node(root, 0)
	if c.stopped || n.Kind == Invalid {
		return nil
	}
	if n.IsNull() {
		ps.Errorf(start, "the file is empty")
		return nil
	}
	return n
}

// readable refuses what YAML does not allow in a text, and what would make a tree of a size that nobody wrote.
func readable(file string, data []byte, ps *Problems) bool {
	marks, flow := 0, 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			ps.Errorf(place(file, string(data), i), "this is not UTF-8")
			return false
		case r < ' ' && r != '\n' && r != '\r' && r != '\t', r == 0x7f, r >= 0x80 && r < 0xa0 && r != 0x85, r == 0xfffe || r == 0xffff:
			ps.Errorf(place(file, string(data), i), "the control character %s is not allowed", text.Visible(string(r)))
			return false
		case r == ',', r == '[', r == '{':
			marks++
			flow++
		case r == '\n', r == '\r', r == ':', r == '?':
			marks++
		case r == '-' && i+1 < len(data) && data[i+1] == ' ':
			marks++
		}
		i += size
	}
	if marks > maxMarks || flow > maxFlow {
		ps.Errorf(In(file), "the file has too many values (about %d)", marks).WithHint("a policy may be split over several files of one folder")
		return false
	}
	return true
}

// load runs the YAML library and returns the node of the document. A second document is refused, be it broken.
func load(file string, data []byte, ps *Problems) *yaml.Node {
	text, shift := announce(data)
	loader, err := yaml.NewLoader(text, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasNone())))
	if err != nil {
		ps.Errorf(In(file), "preparing to read: %v", err)
		return nil
	}
	var doc, more yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		ps.Errorf(At(file, 1, 1), "the file is empty")
		return nil
	case err != nil:
		explain(file, data, err, shift, ps)
		return nil
	}
	switch err := loader.Load(&more); {
	case errors.Is(err, io.EOF):
	case err != nil:
		explain(file, data, err, shift, ps)
		return nil
	default:
		ps.Errorf(At(file, max(more.Line, 1), max(more.Column, 1)), "a second document begins here, and a policy file holds one").
			WithHint("write it to a file of its own")
		return nil
	}
	unshift(&doc, shift)
	return &doc
}

// announce puts the beginning of a document before a text in brackets, such as JSON. The library then knows that the
// brackets are no key of a mapping; otherwise it reads to the last of them before it gives out the first value, and
// holds everything between as tokens, a hundred bytes of memory for each of the text. It says by how many columns the
// first line has moved.
func announce(data []byte) (text io.Reader, shift int) {
	const start = "--- "
	if len(data) == 0 || data[0] != '{' && data[0] != '[' {
		return bytes.NewReader(data), 0
	}
	return io.MultiReader(strings.NewReader(start), bytes.NewReader(data)), len(start)
}

// unshift moves the places of the first line back to where they are.
func unshift(n *yaml.Node, shift int) {
	if shift == 0 || n.Line > 1 {
		return
	}
	n.Column = max(n.Column-shift, 1)
	for _, child := range n.Content {
		unshift(child, shift)
	}
}

// explain turns an error of the library into a problem. The first line has moved by shift columns.
func explain(file string, data []byte, err error, shift int, ps *Problems) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		ps.Errorf(In(file), "reading YAML: %v", err)
		return
	}
	where := func(m yaml.Mark) Pos {
		if m.Line == 1 {
			m.Column -= shift
		}
		return At(file, m.Line, max(m.Column, 1))
	}
	if at, found := conflict(file, data); found {
		ps.Errorf(at, "this is a mark of a merge conflict").WithHint("choose what is to stay, and take the lines that begin with <<<<<<<, ======= and >>>>>>> out")
		return
	}
	at := where(e.Mark)
	message := strings.Replace(e.Message, "exceeded max depth of", "nested deeper than", 1)
	p := ps.Errorf(at, "%s", text.Visible(message))
	if e.ContextMsg != "" && e.ContextMark.Line > 0 && e.ContextMark.Line != e.Mark.Line {
		p.See(where(e.ContextMark), text.Visible(e.ContextMsg))
	}
	if strings.Contains(message, "cannot start any token") {
		p.WithHint("indent with spaces, not tabs, and put text that starts with a special character in quotes")
	}
}

// conflict finds the first mark that git has left in a file that two branches change.
func conflict(file string, data []byte) (Pos, bool) {
	line := 0
	for text := range bytes.Lines(data) {
		if line++; bytes.HasPrefix(text, []byte("<<<<<<< ")) {
			return At(file, line, 1), true
		}
	}
	return Pos{}, false
}
