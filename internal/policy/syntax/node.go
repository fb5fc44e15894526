package syntax

// Kind tells the three kinds of node apart.
type Kind int

// The kinds of node. Aliases are gone: what they stand for is in their place.
const (
	Scalar Kind = iota
	Sequence
	Mapping
	Invalid // it was refused, and the problem noted
)

// String names the kind as people call it.
func (k Kind) String() string {
	switch k {
	case Sequence:
		return "a list"
	case Mapping:
		return "a mapping"
	}
	return "a single value"
}

// Node is a part of a document.
type Node struct {
	Kind  Kind
	At    Pos
	Value string // of a scalar, without quotes
	// Plain is set on a scalar without quotes, whose meaning depends on what it looks like.
	Plain bool
	Items []*Node // of a sequence
	Pairs []Pair  // of a mapping, in the order of the file
}

// Pair is one key of a mapping with its value. Keys are scalars, and none is there twice.
type Pair struct{ Key, Value *Node }

// Get returns the value of a key, nil when there is none.
func (n *Node) Get(key string) *Node {
	for _, p := range n.Pairs {
		if p.Key.Value == key {
			return p.Value
		}
	}
	return nil
}

// IsNull reports whether nothing stands where a value should: `key:` or `key: ~`.
func (n *Node) IsNull() bool { return n.Kind == Scalar && n.Plain && ClassOf(n.Value) == Null }
