package oracle_test

import (
	"testing"

	language "github.com/openfga/language/pkg/go/transformer"
	"google.golang.org/protobuf/proto"

	"btadmin/pkg/access"
	"btadmin/pkg/access/openfga"
	"btadmin/pkg/braintrust"
	"btadmin/test/oracle/fga"
)

// The text is what OpenFGA's own parser reads as the JSON, also with names that it would not allow.
func TestTextIsTheSameModel(t *testing.T) {
	t.Parallel()
	model := openfga.NewModel([]braintrust.Permission{"approve", "member", "a b", "9"}, []braintrust.ObjectType{"user", "given", "view:more", "", "monitor"})
	want, err := fga.Model(model)
	if err != nil {
		t.Fatal(err)
	}
	got, err := language.TransformDSLToProto(model.Text())
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(want, got) {
		t.Error("the text and the JSON differ")
	}
}

// sizeLimit is what a server takes for a model unless it is told otherwise.
const sizeLimit = 256 << 10

// The whole model, not only the compact ones of single permissions, is taken by a server with its usual limits and
// answers the same; so does the one without roles.
func TestWholeModel(t *testing.T) {
	t.Parallel()
	t.Run("with roles", func(t *testing.T) { t.Parallel(); wholeModel(t) })
	t.Run("flat", func(t *testing.T) { t.Parallel(); wholeModel(t, openfga.Flat()) })
}

func wholeModel(t *testing.T, options ...openfga.Option) {
	t.Helper()
	s := organization(1)
	state := access.NewState(s)
	state.AddImplied()
	store := openfga.Export(s, options...)
	if model, err := fga.Model(store.Model); err != nil || proto.Size(model) > sizeLimit {
		t.Fatalf("the model has %d bytes, more than a server takes (%v)", proto.Size(model), err)
	}
	server, err := fga.Start(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if err := server.Write(t.Context(), store.Tuples); err != nil {
		t.Fatal(err)
	}
	asked, yes := 0, 0
	for i, p := range append(users(s), groups(s)...) {
		for j, n := range nodes(s) {
			permission := braintrust.Permissions()[(i+j)%4]
			got, err := server.Check(t.Context(), openfga.Check(p, permission, n))
			if err != nil {
				t.Fatal(err)
			}
			want := state.Allowed(p, permission, n)
			if asked++; want {
				yes++
			}
			if got != want {
				t.Errorf("%v %s %v: OpenFGA says %v", p, permission, n, got)
			}
		}
		child := store.Model.CheckChild(p, braintrust.PermissionCreate, braintrust.ObjectDataset, access.Node{Type: braintrust.ObjectOrgProject, ID: org})
		got, err := server.Check(t.Context(), child)
		if err != nil {
			t.Fatal(err)
		}
		if want := state.AllowedChild(p, braintrust.PermissionCreate, braintrust.ObjectDataset, access.Node{Type: braintrust.ObjectOrgProject, ID: org}); got != want {
			t.Errorf("%v: OpenFGA says %v", child, got)
		}
	}
	t.Logf("%d questions, %d yes", asked, yes)
}
