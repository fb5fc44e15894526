package resolve_test

import (
	"testing"

	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// What people type as a reference to an object or to somebody is found or refused: never a crash, never something that
// is found without an id, and what a result is called finds the same again.
func FuzzC7References(f *testing.F) {
	for _, ref := range []string{
		"organization", "all_projects", "project:a=b", "logs:a/b", "dataset:a/b/c", "prompt:a/", "function:/", "group:QA", "group:", "role:Owner",
		"playground:7b0c4f5e-6a52-4d0c-9a53-0d3a6f2f9f11", "teapot:7b0c4f5e-6a52-4d0c-9a53-0d3a6f2f9f11", "user:ana@acme.example.com", "sa:bot", "bot", ":", "",
	} {
		f.Add(ref)
	}
	const project = "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f01"
	stored := &resolve.Stored{
		Name: "acme.btsnap", Organization: braintrust.Organization{ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f00", Name: "acme"}, TokensKnown: true,
		Users: func() ([]braintrust.User, error) {
			return []braintrust.User{{ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f02", Email: "ana@acme.example.com"}, {ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f03", GivenName: "bot"}}, nil
		},
		Groups: func() ([]braintrust.Group, error) {
			return []braintrust.Group{{ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f04", Name: "QA"}, {ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f05", Name: "a/b=c"}}, nil
		},
		Roles: func() ([]braintrust.Role, error) {
			return []braintrust.Role{{ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f06", Name: "Owner"}}, nil
		},
		Projects: func() ([]braintrust.Project, error) {
			return []braintrust.Project{{ID: project, Name: "a"}, {ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f07", Name: "a/b"}}, nil
		},
		Tokens: func() ([]braintrust.ServiceToken, error) { return nil, nil },
		Objects: func(kind braintrust.ObjectKind, in string) ([]braintrust.Object, error) {
			if in != project {
				return nil, nil
			}
			return []braintrust.Object{{ID: "5a0f3f0e-2a52-4d0c-9a53-0d3a6f2f9f08", ProjectID: in, Name: "b/c", Slug: "s"}}, nil
		},
		Object: func(braintrust.ObjectKind, string) (braintrust.Object, bool, error) {
			return braintrust.Object{}, false, nil
		},
		AllObjects: true,
	}
	f.Fuzz(func(t *testing.T, ref string) {
		r := resolve.NewStored(stored)
		target, err := r.Target(t.Context(), ref)
		if err == nil {
			if target.Node == (access.Node{}) || target.Node.ID == "" || target.Ref == "" {
				t.Fatalf("%q is found as %+v", ref, target)
			}
			if again, err := r.Target(t.Context(), target.Ref); err != nil || again.Node != target.Node {
				t.Errorf("%q is %q, which is %+v, %v", ref, target.Ref, again, err)
			}
		}
		if who, err := r.Principal(t.Context(), ref); err == nil && who.Principal.ID == "" {
			t.Errorf("%q is found as %+v", ref, who)
		}
	})
}
