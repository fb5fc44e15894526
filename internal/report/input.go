package report

import (
	"time"

	"btadmin/internal/orgview"
)

// Input is what a page is made of. Texts have names as they are: Build makes them harmless.
type Input struct {
	View       *orgview.View
	Tool       string    // version of btadmin
	Now        time.Time // when the page is made
	Findings   Findings
	Escalation Escalation
	Changes    *Changes // since an older snapshot, nil when none was given
}

// Findings is what is wrong, the worst first.
type Findings struct {
	All     []Finding
	Skipped []string // rules that could not be applied, each with the reason
}

// Finding is one thing to mend.
type Finding struct {
	Rule, Title, Severity, Message string
	Fix                            []string // command lines
}

// Escalation is who owns the organization and who could come to.
type Escalation struct {
	Holders []string
	Routes  []Route
	Cuts    []Cut
	// Climbers is how many members the routes are for.
	Climbers int
	Complete bool
}

// Route is one way to the power, and everybody who has it.
type Route struct {
	Who   []string
	Steps []string
	End   string
}

// Cut is something whose removal keeps climbers from the power.
type Cut struct {
	Text, Fix string
	Stops     int
}

// Changes is how the organization differs from an older snapshot.
type Changes struct {
	File           string
	Taken          time.Time
	Facts          []string // what is new, gone or called differently, and who became an owner
	Gained, Lost   []Change
	SameAsBaseline bool
}

// Change is one thing that happened to somebody.
type Change struct {
	Who, What, Where, Why string
	Names, On             string // spelled out, "" when Who and Where have them all
}
