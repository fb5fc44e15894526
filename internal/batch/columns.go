package batch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"btadmin/internal/text"
)

// columns judges names and values of fields.
type columns struct {
	names    []string
	known    map[string]string // folded spelling to name
	required []string
	lenient  bool
	maxRows  int
}

func newColumns(o Options) columns {
	if len(o.Columns) == 0 {
		o.Columns = []string{"value"}
	}
	c := columns{names: o.Columns, known: map[string]string{}, required: o.Required, lenient: o.IgnoreUnknown, maxRows: o.MaxRows}
	if c.maxRows <= 0 {
		c.maxRows = defaultMaxRows
	}
	for spelling, name := range o.Aliases {
		c.known[fold(spelling)] = name
	}
	for _, name := range o.Columns {
		c.known[fold(name)] = name
	}
	return c
}

// fold makes "E-Mail", "e_mail" and "E mail" one spelling.
func fold(name string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// header reports whether one of the cells is the name of a column, which data is not.
func (c columns) header(cells []string) bool {
	return slices.ContainsFunc(cells, func(s string) bool { return c.known[fold(s)] != "" })
}

// resolve turns the cells of a header into names of columns, "" for one to leave out.
func (c columns) resolve(cells []string, line int) ([]string, error) {
	names := make([]string, len(cells))
	for i, cell := range cells {
		name, err := c.name(cell, line)
		if err != nil {
			return nil, err
		}
		if name != "" && slices.Contains(names[:i], name) {
			return nil, at(line, "column %q is there twice", name)
		}
		names[i] = name
	}
	return names, nil
}

// name is the column that a spelling stands for, "" for one to leave out.
func (c columns) name(spelling string, line int) (string, error) {
	name, ok := c.known[fold(spelling)]
	switch {
	case ok, c.lenient:
		return name, nil
	case fold(spelling) == "":
		return "", at(line, "a column has no name: the columns are %s", strings.Join(c.names, ", "))
	}
	hint := ""
	if near := text.Nearest(fold(spelling), c.names); len(near) > 0 {
		hint = fmt.Sprintf(" (did you mean %s?)", near[0])
	}
	return "", at(line, "unknown column %q%s: the columns are %s", spelling, hint, strings.Join(c.names, ", "))
}

// bare is the row of a value without a name.
func (c columns) bare(value string) map[string]string {
	return map[string]string{c.names[0]: value}
}

// check refuses control characters and rows that lack something.
func (c columns) check(row Row) error {
	for _, name := range c.names { // in their order, so that the message is always the same
		if i := strings.IndexFunc(row.Fields[name], unicode.IsControl); i >= 0 {
			return at(row.Line, "%s has a control character in %q", name, row.Fields[name])
		}
	}
	for _, name := range c.required {
		if strings.TrimSpace(row.Fields[name]) == "" {
			return at(row.Line, "%s is missing", name)
		}
	}
	return nil
}
