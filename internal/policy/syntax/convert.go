package syntax

import (
	"unique"

	"go.yaml.in/yaml/v4"

	"btadmin/internal/text"
)

// converter makes nodes of the library's nodes: aliases are replaced by what they stand for, and what a policy has
// no use for is refused.
type converter struct {
	file     unique.Handle[string]
	problems *Problems
	open     map[*yaml.Node]bool // anchors that are being expanded
	aliases  int                 // how many are around the node at work
	expanded int
	stopped  bool
}

func (c *converter) node(n *yaml.Node, depth int) *Node {
	at := placeIn(c.file, n.Line, n.Column)
	if c.stopped {
		return &Node{Kind: Invalid, At: at}
	}
	if depth > maxDepth {
		return c.stop(at, "nested deeper than %d", maxDepth)
	}
	if c.aliases > 0 {
		if c.expanded++; c.expanded > maxExpanded {
			return c.stop(at, "the aliases of this file stand for more than %d values", maxExpanded)
		}
	}
	if n.Kind != yaml.AliasNode && n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!str" && n.Tag != "tag:yaml.org,2002:str" {
		return c.refuse(at, "the tag %s is not supported: write the value without it", text.Visible(n.Tag))
	}
	if n.Anchor != "" {
		c.open[n] = true
		defer delete(c.open, n)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.alias(n, at, depth)
	case yaml.MappingNode:
		return c.mapping(n, at, depth)
	case yaml.SequenceNode:
		out := &Node{Kind: Sequence, At: at}
		for _, child := range n.Content {
			out.Items = append(out.Items, c.node(child, depth+1))
		}
		return out
	}
	return &Node{Kind: Scalar, At: at, Value: n.Value, Plain: n.Style == 0 || n.Style == yaml.FlowStyle}
}

// refuse notes an error and leaves a node in the place of what was refused.
func (c *converter) refuse(at Pos, format string, args ...any) *Node {
	c.problems.Errorf(at, format, args...)
	return &Node{Kind: Invalid, At: at}
}

// stop refuses the rest of the file: going on would take as long as the file wants.
func (c *converter) stop(at Pos, format string, args ...any) *Node {
	c.stopped = true
	return c.refuse(at, format, args...)
}

// alias returns what an alias stands for, at the place of the alias.
func (c *converter) alias(n *yaml.Node, at Pos, depth int) *Node {
	if n.Alias == nil || c.open[n.Alias] {
		return c.refuse(at, "the alias *%s stands inside of what it stands for", text.Visible(n.Value))
	}
	c.aliases++
	out := c.node(n.Alias, depth+1)
	c.aliases--
	out.At = at
	return out
}

func (c *converter) mapping(n *yaml.Node, at Pos, depth int) *Node {
	out := &Node{Kind: Mapping, At: at}
	seen := map[string]Pos{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := c.key(n.Content[i], depth)
		value := c.node(n.Content[i+1], depth+1)
		if key.Kind == Invalid {
			continue
		}
		if first, twice := seen[key.Value]; twice {
			c.problems.Errorf(key.At, "the key %q is there twice", text.Visible(key.Value)).See(first, "it was given here")
			continue
		}
		seen[key.Value] = key.At
		out.Pairs = append(out.Pairs, Pair{key, value})
	}
	return out
}

func (c *converter) key(n *yaml.Node, depth int) *Node {
	at := placeIn(c.file, n.Line, n.Column)
	if n.Tag == "!!merge" || n.Value == "<<" && n.Style == 0 {
		c.problems.Errorf(at, "merge keys (<<) are not supported: what they add is easily overlooked").
			WithHint("write the rows as a profile and take it up with use")
		return &Node{Kind: Invalid, At: at}
	}
	key := c.node(n, depth+1)
	if key.Kind == Sequence || key.Kind == Mapping {
		return c.refuse(at, "a key must be a single word or text, not %s", key.Kind)
	}
	return key
}
