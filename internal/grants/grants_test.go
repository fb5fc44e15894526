package grants_test

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/exit"
	"btadmin/internal/grants"
	"btadmin/pkg/access"
)

var (
	crew    = access.Principal{Kind: access.PrincipalGroup, ID: "crew"}
	project = access.Node{Type: "project", ID: "p"}
)

func TestOn(t *testing.T) {
	t.Parallel()
	set, err := grants.On(access.Table{}, crew, project, "read,manage-access", "")
	if err != nil || len(set.Items) != 5 || len(set.Rows) != 1 || len(set.Notes) != 0 {
		t.Errorf("%+v, %v", set, err)
	}
	set, err = grants.On(access.Table{}, crew, project, "read", "scorers,functions,datasets")
	if err != nil || len(set.Items) != 2 || len(set.Rows) != 2 || len(set.Notes) != 1 {
		t.Errorf("%+v, %v", set, err)
	}
	set, err = grants.On(access.Table{}, crew, project, "none", "datasets")
	if err != nil || len(set.Items) != 0 || len(set.Rows) != 1 || set.Rows[0].Restrict != "dataset" {
		t.Errorf("none: %+v, %v", set, err)
	}
}

func TestOnRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		node           access.Node
		words, objects string
		want, hint     string
	}{
		{project, "raed", "", `unknown permission "raed"`, "did you mean read?"},
		{project, "manage-settings", "", "unknown permission", ""},
		{project, "read", "datsets", `unknown kind of object "datsets"`, ""},
		{access.Node{Type: "group", ID: "g"}, "read", "datasets", "--objects goes with a project", ""},
		{project, "none,read", "", "stands alone", ""},
	} {
		_, err := grants.On(access.Table{}, crew, tt.node, tt.words, tt.objects)
		var bad *exit.Error
		if !errors.As(err, &bad) || bad.Code != exit.BadInput || !strings.Contains(err.Error(), tt.want) || !strings.Contains(bad.Hint, tt.hint) {
			t.Errorf("On(%s, %q, %q): %v", tt.node, tt.words, tt.objects, err)
		}
	}
}
