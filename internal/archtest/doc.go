// Package archtest keeps the architecture true: its tests read the source of the whole module and fail
// when a rule of docs/architecture.md is broken. It needs nothing but the go command, so the rules hold
// where no linter is installed.
//
// Every rule is a row of a table or one short function, and is itself tested against source that breaks it.
package archtest
