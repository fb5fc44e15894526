package report

import (
	"testing"

	"btadmin/internal/orgview"
	"btadmin/internal/synthetic"
)

// A page that would be too large has no grants on single things, but all others, and counts what it leaves out.
func TestTooManyGrantsLeaveOutThoseOnSingleThings(t *testing.T) {
	t.Parallel()
	view := orgview.New(synthetic.Organization(synthetic.Small(), 1), orgview.Meta{Objects: true})
	all, some := encode(view, mostGrants), encode(view, 100)
	if all.left != 0 || len(all.d.Objects.Name) == 0 {
		t.Fatalf("a small page leaves out %d grants and has %d objects", all.left, len(all.d.Objects.Name))
	}
	if some.left == 0 || len(some.d.Objects.Name) != 0 {
		t.Errorf("a page of 100 grants leaves out %d and has %d objects", some.left, len(some.d.Objects.Name))
	}
	single := 0
	node, first := 0, all.first(firstObject)
	for _, distance := range all.d.Grants.Node {
		if node += distance; node >= first {
			single++
		}
	}
	if len(some.d.Grants.Node) != len(all.d.Grants.Node)-single {
		t.Errorf("%d grants are left of %d with %d on single things", len(some.d.Grants.Node), len(all.d.Grants.Node), single)
	}
	said := missing(Input{View: view}, some)
	if len(said) != 1 {
		t.Errorf("the page says %q", said)
	}
}
