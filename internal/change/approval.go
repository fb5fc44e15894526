package change

import (
	"slices"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/text"
)

// Approval is what the command line says to let guards pass.
type Approval struct {
	Confirm          []string // names that were repeated
	ConfirmCount     int      // how many things are deleted, for names that came from a pipe
	Superuser        string   // the hash of the plan: new super-users are meant
	Exposure         string   // the hash of the plan: that many people reach something is meant
	Override, Reason string
}

// Settle returns the findings that the approval does not answer. An override of a guard that did not fire,
// or without a reason, is an error.
func (r *Review) Settle(a Approval) ([]Finding, error) {
	if a.Override != "" {
		fired := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Guard == a.Override })
		able := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Guard == a.Override && f.Bypass == "override" })
		switch {
		case !fired:
			return nil, exit.BadInputf("--override %s: that guard did not fire", a.Override)
		case !able:
			return nil, &GuardError{Hash: r.Hash, Findings: onlyGuard(r.Findings, a.Override)}
		case strings.TrimSpace(a.Reason) == "":
			return nil, exit.BadInputf("--override %s needs --reason", a.Override)
		}
	}
	r.passed = a
	toConfirm := 0
	for _, f := range r.Findings {
		if f.Bypass == "confirm" {
			toConfirm++
		}
	}
	// A count stands for names that nobody typed: those that came through a pipe.
	counted := r.Plan.Bulk && a.ConfirmCount > 0 && a.ConfirmCount == toConfirm
	var left []Finding
	for _, f := range r.Findings {
		switch f.Bypass {
		case "override":
			// Who counts what goes through a pipe has set a cap.
			if f.Guard == a.Override || f.Guard == "G5" && r.Plan.Bulk && a.ConfirmCount > 0 && a.ConfirmCount == f.count {
				continue
			}
		case "approve":
			if a.Superuser != "" && a.Superuser == r.Hash {
				continue
			}
		case "exposure":
			if a.Exposure != "" && a.Exposure == r.Hash {
				continue
			}
		case "confirm":
			if counted || !slices.ContainsFunc(f.Names, func(name string) bool { return !repeated(a.Confirm, name) }) {
				continue
			}
		}
		left = append(left, f)
	}
	return left, nil
}

// repeated reports whether a name was said exactly; e-mails compare without case.
func repeated(said []string, name string) bool {
	return slices.ContainsFunc(said, func(s string) bool {
		return s == name || strings.Contains(name, "@") && text.CanonicalEmail(s) == text.CanonicalEmail(name)
	})
}

func onlyGuard(findings []Finding, id string) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Guard != id })
}
