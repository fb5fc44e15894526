package proposal

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"btadmin/internal/policy/document"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/syntax"
)

// notes are what a saved plan keeps beside its steps: why they are there, in the words of the comparison, which cannot
// be had from the steps.
type notes struct {
	Differences []Difference `json:"differences"`
	Patterns    []Pattern    `json:"patterns"`
}

// mostNoted is how many differences a saved plan keeps: nobody reads more, and they take twice the room of their steps.
const mostNoted = 20_000

// Notes are what a saved plan keeps of a comparison, nil when that is too much. What is only reported is left out: it is
// no part of the plan.
func Notes(r *reconcile.Result) (jsontext.Value, error) {
	owned := slices.DeleteFunc(slices.Clone(r.Differences), func(d reconcile.Difference) bool { return d.Action == reconcile.ActionReport })
	if len(owned) > mostNoted {
		return nil, nil
	}
	raw, err := json.Marshal(notes{Differences(owned), Patterns(r.Matches)})
	if err != nil {
		return nil, fmt.Errorf("note what a plan is for: %w", err)
	}
	return raw, nil
}

// Recall puts the notes of a saved plan back into the result that has its steps. It reports whether there are any:
// plans of other commands have none.
func Recall(raw jsontext.Value, r *reconcile.Result) (bool, error) {
	if len(raw) == 0 {
		return false, nil
	}
	var n notes
	if err := json.Unmarshal(raw, &n); err != nil {
		return false, fmt.Errorf("read what the plan is for: %w", err)
	}
	for _, d := range n.Differences {
		if d.Kind == string(reconcile.KindGrant) && d.Grant == nil {
			return false, errors.New("read what the plan is for: a grant is missing")
		}
		r.Differences = append(r.Differences, reconcile.Difference{
			Kind: reconcile.Kind(d.Kind), Action: reconcile.Action(d.Action), Subject: d.Subject, Detail: d.Detail, Grant: d.Grant, At: d.pos(),
		})
	}
	for _, p := range n.Patterns {
		r.Matches = append(r.Matches, reconcile.Match{Group: p.Subject, Pattern: p.Pattern, Projects: p.Projects, New: p.New, At: p.pos()})
	}
	return true, nil
}

func (p Place) pos() document.Pos { return syntax.At(p.File, p.Line, p.Column) }
