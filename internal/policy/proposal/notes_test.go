package proposal_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"btadmin/internal/policy/proposal"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/syntax"
	"btadmin/pkg/braintrust"
)

// What a saved plan keeps of a comparison is what it says when it is carried out.
func TestNotes(t *testing.T) {
	t.Parallel()
	at := syntax.At("access.yaml", 3, 5)
	of := func(kind reconcile.Kind, action reconcile.Action, subject string) reconcile.Difference {
		return reconcile.Difference{Kind: kind, Action: action, Subject: subject, Detail: "<b> ü", At: at}
	}
	was := &reconcile.Result{
		Differences: []reconcile.Difference{
			of(reconcile.KindGroup, reconcile.ActionCreate, "group:QA"),
			of(reconcile.KindGroup, reconcile.ActionReport, "group:other"),
			of(reconcile.KindGrant, reconcile.ActionAdd, "group:QA"),
		},
		Matches: []reconcile.Match{{Group: "QA", Pattern: "prod-*", Projects: []string{"prod-a"}, At: at}},
	}
	was.Differences[2].Grant = &braintrust.ACLItem{ObjectType: "project", ObjectID: "p", GroupID: "new:group/QA", Permission: "read"}
	raw, err := proposal.Notes(was)
	if err != nil {
		t.Fatal(err)
	}
	var is reconcile.Result
	told, err := proposal.Recall(raw, &is)
	if err != nil || !told {
		t.Fatal(told, err)
	}
	if diff := cmp.Diff([]reconcile.Difference{was.Differences[0], was.Differences[2]}, is.Differences); diff != "" {
		t.Error(diff)
	}
	if len(is.Matches) != 1 || is.Matches[0].Pattern != "prod-*" || is.Matches[0].At != at {
		t.Errorf("%+v", is.Matches)
	}

	var none reconcile.Result
	if told, err := proposal.Recall(nil, &none); told || err != nil || len(none.Differences) > 0 {
		t.Errorf("a plan without notes: %v, %v", told, err)
	}
	if _, err := proposal.Recall([]byte(`{"differences":[{"kind":"grant","action":"add"}]}`), &none); err == nil {
		t.Error("a grant without its tuple is taken")
	}
	for i := range 20_001 {
		was.Differences = append(was.Differences, of(reconcile.KindMember, reconcile.ActionAdd, fmt.Sprint("user:", i)))
	}
	if raw, err := proposal.Notes(was); raw != nil || err != nil {
		t.Errorf("%d bytes of too many differences, %v", len(raw), err)
	}
}
