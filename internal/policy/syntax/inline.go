package syntax

import (
	"errors"

	"go.yaml.in/yaml/v4"
)

// mostInline is how long a list in brackets may be.
const mostInline = 90

// Inline writes short lists of texts in brackets, in a document that a program has written: people would.
func Inline(data []byte) ([]byte, error) {
	var ps Problems
	root := load("", data, &ps)
	if root == nil {
		return nil, errors.Join(errors.New("write short lists in brackets"), ps.Err())
	}
	inline(root)
	return dump(root)
}

func inline(n *yaml.Node) {
	length, flat := 0, n.Kind == yaml.SequenceNode
	for _, child := range n.Content {
		flat = flat && child.Kind == yaml.ScalarNode
		length += len(child.Value) + len(", ")
		inline(child)
	}
	if flat && length <= mostInline {
		n.Style |= yaml.FlowStyle
	}
}
