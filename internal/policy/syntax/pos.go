// Package syntax reads YAML for policies: a tree in which every node knows its place, from text that nobody
// trusts. It is strict where YAML is generous (one document, no key twice, no merge keys, limits on size, depth
// and aliases), collects every mistake with its place, and writes the canonical layout.
package syntax

import (
	"cmp"
	"fmt"
	"math"
	"unique"
)

// Pos is a place in a file, counted from 1; columns are characters. The zero Pos is nowhere: something with it
// was not written. It is small, because everything in a policy has several.
type Pos struct {
	file         unique.Handle[string] // the zero Handle without a file
	line, column int32
}

// At is a place in a file.
func At(file string, line, column int) Pos { return placeIn(nameOf(file), line, column) }

// In is a file as a whole.
func In(file string) Pos { return Pos{file: nameOf(file)} }

// nameOf is the name of a file as places hold it.
func nameOf(file string) (name unique.Handle[string]) {
	if file != "" {
		name = unique.Make(file)
	}
	return name
}

func placeIn(file unique.Handle[string], line, column int) Pos {
	return Pos{file: file, line: int32(min(line, math.MaxInt32)), column: int32(min(column, math.MaxInt32))}
}

// File is the name of the file, "" for none.
func (p Pos) File() string {
	if p.file == (unique.Handle[string]{}) {
		return ""
	}
	return p.file.Value()
}

// Line is the line in the file, 0 for none.
func (p Pos) Line() int { return int(p.line) }

// Column is the column of the line.
func (p Pos) Column() int { return int(p.column) }

// Known reports whether the place is one: whether the thing was written at all.
func (p Pos) Known() bool { return p.line > 0 }

// Equal reports whether two places are the same.
func (p Pos) Equal(other Pos) bool { return p == other }

// String is the place as FILE:LINE:COLUMN, which terminals and editors make a link of.
func (p Pos) String() string {
	if !p.Known() {
		return p.File()
	}
	return fmt.Sprintf("%s:%d:%d", p.File(), p.line, p.column)
}

// Compare orders places by file, line and column.
func (p Pos) Compare(other Pos) int {
	return cmp.Or(cmp.Compare(p.File(), other.File()), cmp.Compare(p.line, other.line), cmp.Compare(p.column, other.column))
}
