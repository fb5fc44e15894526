package policy

import (
	"time"

	"btadmin/internal/policy/document"
)

// Source is an identity source that can be read: see package source.
type Source struct {
	Name string
	Type string // csv or command
	// Path of a csv file, joined with Folder when it is relative; EmailColumn and GroupColumn are its columns.
	Path, EmailColumn, GroupColumn string
	// Run is the command, without a shell, in Folder.
	Run     []string
	Folder  string
	Timeout time.Duration
	// AllowEmpty accepts teams without people.
	AllowEmpty bool
	At         document.Pos
}
