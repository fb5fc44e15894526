// Package syntax reads YAML for policies: a tree in which every node knows its place, from text that nobody
// trusts. It is strict where YAML is generous (one document, no key twice, no merge keys, limits on size, depth
// and aliases), collects every mistake with its place, and writes the canonical layout.
package syntax

import (
	"cmp"
	"fmt"
)

// Pos is a place in a file, counted from 1; columns are characters. The zero Pos is nowhere: something with it
// was not written.
type Pos struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Known reports whether the place is one: whether the thing was written at all.
func (p Pos) Known() bool { return p.Line > 0 }

// String is the place as FILE:LINE:COLUMN, which terminals and editors make a link of.
func (p Pos) String() string {
	if !p.Known() {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Compare orders places by file, line and column.
func (p Pos) Compare(other Pos) int {
	return cmp.Or(cmp.Compare(p.File, other.File), cmp.Compare(p.Line, other.Line), cmp.Compare(p.Column, other.Column))
}
