package reconcile_test

import (
	"slices"
	"strings"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/sink"
	"btadmin/pkg/braintrust"
)

// tokensOutcome is what becomes of the tokens of acme when some of them are lost: what is done, then what is told.
func tokensOutcome(t *testing.T, store string, lost map[string]change.Loss, stored bool) []string {
	t.Helper()
	text := "version: 1\norg: acme\nservice_accounts: {bot: {tokens: {ci: {rotate: {every: 80d, overlap: 48h}, store: " + store + "}, other: {store: {file: z}}}}}\n"
	p, problems := policy.Parse([]policy.File{{Name: "p.yaml", Data: []byte(text)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	result, err := reconcile.Compare(t.Context(), p.Desired, orgview.New(acme(), orgview.Meta{Objects: true}), reconcile.Options{
		Now: now, Source: "p.yaml",
		Lost:   func([]braintrust.ServiceToken) map[string]change.Loss { return lost },
		Stored: func(where sink.Spec) bool { return stored && where.File != "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, step := range result.Steps {
		switch s := step.(type) {
		case *change.MintToken:
			out = append(out, "mint "+s.Name)
		case *change.DeleteToken:
			out = append(out, "delete "+s.Token.ID)
		}
	}
	for _, d := range result.Differences {
		if d.Action == reconcile.ActionReport && strings.Contains(d.Detail, "nobody has") {
			_, id, _ := strings.Cut(d.Detail, "(")
			out = append(out, "told of "+id[:strings.Index(id, ")")])
		}
	}
	return out
}

// D6: what a run has named is replaced and deleted; what is only likely is replaced and told. A file that is there has been
// handed over, and it is that of the newest token: one that was in doubt before is in doubt still.
func TestD6_TokensThatNobodyReceived(t *testing.T) {
	t.Parallel()
	const file, command = "{file: x}", "{command: [vault]}"
	certain, doubtful := change.Loss{Run: "r-1"}, change.Loss{Run: "r-1", Doubtful: true}
	for _, tt := range []struct {
		name, store string
		lost        map[string]change.Loss
		stored      bool
		want        []string
	}{
		{"none", file, nil, true, []string{"delete t-old"}}, // rotated
		{"the newest for certain", file, map[string]change.Loss{"t-new": certain}, false, []string{"mint ci", "delete t-new"}},
		{"the newest for certain, something in its place", file, map[string]change.Loss{"t-new": certain}, true, []string{"mint ci", "delete t-new"}},
		{"the newest in doubt", command, map[string]change.Loss{"t-new": doubtful}, true, []string{"mint ci", "told of t-new"}},
		{"the newest in doubt, and in its place", file, map[string]change.Loss{"t-new": doubtful}, true, []string{"delete t-old"}},
		{"an older one in doubt, the newest in its place", file, map[string]change.Loss{"t-old": doubtful}, true, []string{"told of t-old"}},
		{"an older one for certain", file, map[string]change.Loss{"t-old": certain}, true, []string{"delete t-old"}},
		{"both", command, map[string]change.Loss{"t-new": doubtful, "t-old": certain}, false, []string{"mint ci", "delete t-old", "told of t-new"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tokensOutcome(t, tt.store, tt.lost, tt.stored); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
