package journal

import "time"

// Sent is one request of a run, or one chunk of a step: what was meant, and what became of it.
type Sent struct {
	Entry           // the intent
	Outcome  string // confirmed, failed, or unknown when no outcome was written
	Problem  string
	Requests []string
	Things   []Made    // that were made
	Ended    time.Time // zero without an outcome
}

// Sent pairs each intent of a run with its outcome. Requests of one run overlap, so what stands between the two may be
// about another; of several outcomes the last one counts.
func (r Run) Sent() []Sent {
	type key struct{ step, part int }
	var out []Sent
	at := map[key]int{}
	for _, e := range r.Entries {
		switch e.Type {
		case Intent:
			at[key{e.Step, e.Part}] = len(out)
			out = append(out, Sent{Entry: e, Outcome: "unknown"})
		case Outcome:
			if i, known := at[key{e.Step, e.Part}]; known {
				out[i].Outcome, out[i].Problem, out[i].Requests, out[i].Things, out[i].Ended = e.Result, e.Error, e.RequestIDs, e.Made, e.Time
			}
		case RunBegin, RunEnd:
		}
	}
	return out
}
