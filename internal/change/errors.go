package change

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"btadmin/internal/text"
)

// Finding is one guard that fired.
type Finding struct {
	Guard   string   `json:"guard"` // G1
	Message string   `json:"message"`
	Names   []string `json:"names,omitempty"` // who or what it is about
	// Bypass says what lets it pass: "" nothing, "override" --override, "approve" the plan's hash or a typed
	// name, "exposure" the plan's hash, "confirm" --confirm.
	Bypass string `json:"bypass,omitzero"`

	subject string // id of whom it is about: names need not be unique
	count   int    // G5: how many things are taken away
}

// covers reports whether who let f pass has let the other pass, too: it is the same, or takes away no more.
func (f Finding) covers(other Finding) bool {
	if f.Guard != other.Guard || f.subject != other.subject {
		return false
	}
	return f.Message == other.Message || f.Guard == "G5" && other.count <= f.count
}

// GuardError says that guards refuse a plan. Nothing was sent. Exit code 7.
type GuardError struct {
	Findings []Finding
	Hash     string // of the plan, for --approve-superuser and --approve-exposure
}

// Error lists every guard that fired, one a line.
func (e *GuardError) Error() string {
	if len(e.Findings) == 1 {
		return fmt.Sprintf("refused by guard %s: %s", e.Findings[0].Guard, e.Findings[0].Message)
	}
	lines := []string{"refused by " + e.Guards()}
	for _, f := range e.Findings {
		lines = append(lines, "  "+f.Guard+": "+f.Message)
	}
	return strings.Join(lines, "\n")
}

// Guards names the guard that fired, or says how many did: guards, not what they found.
func (e *GuardError) Guards() string {
	fired := map[string]bool{}
	for _, f := range e.Findings {
		fired[f.Guard] = true
	}
	if len(fired) == 1 {
		return "guard " + e.Findings[0].Guard
	}
	return fmt.Sprintf("%d guards", len(fired))
}

// Hint says what would let the plan pass, when anything would: all flags at once.
func (e *GuardError) Hint() string {
	flags := e.Flags()
	switch {
	case flags == "":
		return ""
	case e.has("override"):
		return "if it is meant: " + flags
	case e.has("approve") || e.has("exposure"):
		return "review it with --dry-run, then repeat with " + flags
	}
	return "repeat with " + flags
}

func (e *GuardError) has(bypass string) bool {
	return slices.ContainsFunc(e.Findings, func(f Finding) bool { return f.Bypass == bypass })
}

// Flags are those that let the plan pass, "" when none do.
func (e *GuardError) Flags() string {
	var words, caps []string
	override := ""
	for _, f := range e.Findings {
		switch f.Bypass {
		case "confirm":
			for _, name := range f.Names {
				words = append(words, "--confirm", text.ShellWord(name))
			}
		case "override":
			switch {
			case f.Guard == "G5": // it has a flag of its own, so that another guard can be overridden
				caps = append(caps, fmt.Sprintf("%s=%d", f.subject, f.count))
			case override != "" && override != f.Guard:
				return "" // one guard can be overridden at a time
			default:
				override = f.Guard
			}
		case "approve", "exposure":
		default:
			return ""
		}
	}
	if len(caps) > 0 {
		words = append(words, "--max-removals", strings.Join(caps, ","))
	}
	if e.has("approve") {
		words = append(words, "--approve-superuser", e.Hash)
	}
	if e.has("exposure") {
		words = append(words, "--approve-exposure", e.Hash)
	}
	if len(words) > 0 {
		words = append([]string{"--yes"}, words...)
	}
	if override != "" {
		words = append(words, "--override", override, "--reason", `"..."`)
	}
	return strings.Join(words, " ")
}

// PartialError says that something was changed, or may have been, and the end state is not proven. Exit
// code 5.
type PartialError struct {
	RunID       string
	Done, Total int // rows
	Err         error
	Advice      string
	// Of a long run: what failed, and what was left alone because somebody else had changed it (D12).
	Failed, Skipped []Unfinished
	Left            int // rows that were not begun
	// Rest are those rows, as far as they had been cut into requests; they have no Err.
	Rest []Unfinished
	// Deletes says that the plan deletes things: the same command would not find those that are gone.
	Deletes bool
}

// Error says how far the run came.
func (e *PartialError) Error() string {
	return fmt.Sprintf("%v; %d of %d changes are confirmed (run %s)", e.Err, e.Done, e.Total, e.RunID)
}

// Unwrap returns the cause.
func (e *PartialError) Unwrap() error { return e.Err }

// Hint names the way on.
func (e *PartialError) Hint() string {
	if e.Advice != "" {
		return e.Advice
	}
	if e.Deletes {
		return "btadmin runs view " + e.RunID + " shows what was sent; look what is left, and repeat the command for that"
	}
	return "repeat the command: what is there already stays as it is (btadmin runs view " + e.RunID + " shows what was sent)"
}

// Unfinished is a step, or a part of one, that a run did not carry through.
type Unfinished struct {
	Step  int // from 1, in the order of the review
	Lines []Line
	Rows  int
	Err   error // why
}

// ForeignEditError says that somebody else has changed what a plan was made from, so that these steps were not
// sent (D12). Exit code 7, or 5 in a *PartialError when others were.
type ForeignEditError struct{ Skipped []Unfinished }

// Error says how much was left alone and names the first.
func (e *ForeignEditError) Error() string {
	rows := 0
	for _, s := range e.Skipped {
		rows += s.Rows
	}
	first := e.Skipped[0]
	return fmt.Sprintf("%s left alone, because somebody else has changed what they are about: %s (%v)",
		text.Count(rows, "change"), first.Lines[0], first.Err)
}

// Hint names the way on.
func (e *ForeignEditError) Hint() string { return "plan again, and look at the difference" }

// BusyError says that another run holds the organization's lock (D11). Nothing was sent. Exit code 7.
type BusyError struct {
	PID       int
	Host, Run string // the machine and the run that holds it; empty when it could not be found out
	Since     time.Time
}

// Error names the holder.
func (e *BusyError) Error() string {
	if e.Run == "" {
		return "another run is changing this organization"
	}
	return fmt.Sprintf("another run is changing this organization: process %d on %s, run %s, since %s",
		e.PID, e.Host, e.Run, e.Since.Format(time.RFC3339))
}

// Hint says what to do.
func (e *BusyError) Hint() string { return "wait for it to end; a lock ends with its process" }

// AlreadyExistsError says that the server found a thing of that name instead of making one. It was not
// changed.
type AlreadyExistsError struct {
	Kind, Name, ID string
}

// Error names the thing.
func (e *AlreadyExistsError) Error() string {
	return fmt.Sprintf("%s %q already exists (%s) and was not changed", e.Kind, e.Name, e.ID)
}

// Hint names the commands that change it.
func (e *AlreadyExistsError) Hint() string {
	name := text.ShellWord(e.Name) // a hint is pasted into a shell
	if e.Kind == "group" {
		return fmt.Sprintf("btadmin groups edit %s, btadmin groups grant %s or btadmin groups members add %s change it", name, name, name)
	}
	return fmt.Sprintf("btadmin %ss edit %s changes it", e.Kind, name)
}

// UnconfirmedError says that the server accepted a change that cannot be seen yet.
type UnconfirmedError struct{ What string }

// Error names what could not be confirmed.
func (e *UnconfirmedError) Error() string {
	return e.What + ": the change was accepted but does not show when read back"
}
