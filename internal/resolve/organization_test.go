package resolve_test

import (
	"errors"
	"strings"
	"testing"

	"btadmin/internal/exit"
	"btadmin/internal/resolve"
)

// TestEmptyListOfAnUnknownOrganization: a server answers a misspelt --org with empty lists, which must not pass for
// an organization without groups.
func TestEmptyListOfAnUnknownOrganization(t *testing.T) {
	t.Parallel()
	_, client, _ := demo(t)
	if _, err := resolve.New(client.WithOrgName("Acme")).Groups(t.Context()); err != nil {
		t.Errorf("Acme: %v", err)
	}
	r := resolve.New(client.WithOrgName("Acmee"))
	_, groups := r.Groups(t.Context())
	_, projects := r.Projects(t.Context())
	_, group := r.Group(t.Context(), "Evaluators")
	for what, err := range map[string]error{"groups": groups, "projects": projects, "group": group} {
		var bad *exit.Error
		if !errors.As(err, &bad) || bad.Code != exit.BadInput || !strings.Contains(err.Error(), `no organization "Acmee"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
