package policy

import (
	"strconv"
	"strings"

	"btadmin/internal/output"
)

func problemColumns() []output.Column[problemRow] {
	return []output.Column[problemRow]{
		{Field: "file", Text: func(r problemRow) string { return r.File }},
		{Field: "line", Text: func(r problemRow) string { return strconv.Itoa(r.Line) }},
		{Field: "column", Text: func(r problemRow) string { return strconv.Itoa(r.Column) }},
		{Field: "severity", Text: func(r problemRow) string { return r.Severity }},
		{Field: "message", Text: func(r problemRow) string { return r.Message }},
		{Field: "hint", Text: func(r problemRow) string { return r.Hint }},
	}
}

func splitLines(s string) []string { return strings.Split(s, "\n") }
