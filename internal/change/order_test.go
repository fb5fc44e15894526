package change_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"btadmin/internal/change"
	"btadmin/pkg/braintrust"
)

// ADR 1: whatever the order of a plan, no removal begins before every grant is confirmed, and none at all when one
// was not given.
func TestNothingIsTakenBeforeAllIsGiven(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"all is given", "one is refused", "one is somebody else's"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := manyWorld(t, 8)
			if _, err := w.make(t.Context(), w.wishFor(6, 120)); err != nil {
				t.Fatal(err)
			}
			want := w.wishFor(8, 160)
			for name, one := range want.groups {
				one.grants, one.members = one.grants[3:], append(one.members[1:], w.userAt(30))
				want.groups[name] = one
			}
			plan, err := w.towards(want)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(plan.Steps)
			w.Chunk = 5
			review, err := w.Review(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			if mode == "one is somebody else's" {
				if _, err := w.client.CreateGroup(t.Context(), braintrust.GroupCreate{Name: "team-0007", Description: "theirs"}); err != nil {
					t.Fatal(err)
				}
			}
			var mu sync.Mutex
			giving, removals, flying, most := 0, 0, 0, 0
			next := w.script.next
			w.script.next = between{next, func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodGet {
					return nil, nil
				}
				body, _ := io.ReadAll(r.Body)
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(strings.NewReader(string(body)))
				removes := strings.Contains(string(body), `"remove_`)
				mu.Lock()
				if removes {
					removals++
					if giving > 0 {
						t.Error("something is taken away while something else is still being given")
					}
				} else {
					giving++
				}
				flying++
				most = max(most, flying)
				mu.Unlock()
				time.Sleep(2 * time.Millisecond)
				res, err := next.RoundTrip(again)
				if mode == "one is refused" && strings.Contains(string(body), "team-0006") {
					res, err = answered(r, http.StatusBadRequest, "no"), nil
				}
				mu.Lock()
				flying--
				giving -= btoi(!removes)
				mu.Unlock()
				return res, err
			}}
			_, err = w.Run(t.Context(), review)
			if all := mode == "all is given"; all != (err == nil) || all != (removals > 0) {
				t.Errorf("%d removals, error %v", removals, err)
			}
			if most < 2 || most > 8 {
				t.Errorf("%d requests in flight at most, want several, 8 at the outside", most)
			}
		})
	}
}

// Groups that are made together and are in one another are made from the inside out, whatever the order of the plan;
// a circle is not begun.
func TestNestedCreations(t *testing.T) {
	t.Parallel()
	nested := func(circle bool) []change.Step {
		var steps []change.Step
		for i := range 5 {
			group := braintrust.GroupCreate{Name: fmt.Sprint("nest-", i)}
			if i < 4 || circle {
				group.MemberGroups = []string{change.New("group", fmt.Sprint("nest-", (i+1)%5))}
			}
			steps = append(steps, &change.CreateGroup{GroupCreate: group})
		}
		return steps
	}
	for _, long := range []bool{false, true} {
		w := manyWorld(t, 1)
		plan := w.plan(nested(false)...)
		if long {
			plan.Base = w.base()
		}
		review, err := w.Review(t.Context(), plan)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Run(t.Context(), review); err != nil {
			t.Errorf("long %t: %v", long, err)
		}
		if g := w.group("nest-0"); len(g.MemberGroups) != 1 || g.MemberGroups[0] != w.group("nest-1").ID {
			t.Errorf("long %t: members %v", long, g.MemberGroups)
		}
		w = manyWorld(t, 1)
		plan = w.plan(nested(true)...)
		if long {
			plan.Base = w.base()
		}
		if review, err = w.Review(t.Context(), plan); err != nil {
			t.Fatal(err)
		}
		before := w.server.Counts().Writes
		result, err := w.Run(t.Context(), review)
		if err == nil || result.Left != 5 || w.server.Counts().Writes > before {
			t.Errorf("long %t: a circle: %+v, %v", long, result, err)
		}
	}
}

// The journal of a run with several requests in flight pairs what was sent with what became of it.
func TestJournalPairsWhatOverlaps(t *testing.T) {
	t.Parallel()
	w := manyWorld(t, 5)
	w.Chunk = 7
	if _, err := w.make(t.Context(), w.wishFor(9, 90)); err != nil {
		t.Fatal(err)
	}
	runs := w.runs()
	parts := map[string]int{}
	for _, s := range runs[0].Sent() {
		if s.Outcome != "confirmed" || len(s.Requests) != 1 {
			t.Errorf("%d.%d: %s with requests %v", s.Step, s.Part, s.Outcome, s.Requests)
		}
		parts[fmt.Sprint(s.Step, ".", s.Part)]++
		var sent struct{ Items []braintrust.ACLItem }
		if err := json.Unmarshal(s.Change, &sent); err != nil || len(sent.Items) > 7 {
			t.Errorf("%d.%d: %d items, %v", s.Step, s.Part, len(sent.Items), err)
		}
	}
	if len(parts) != 9+13 {
		t.Errorf("sent %v", parts)
	}
}
