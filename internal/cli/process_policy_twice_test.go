package cli_test

import (
	"testing"

	"btadmin/internal/sandbox"
)

// G13: a saved plan is carried out once: what it makes is there then, tokens and accounts too, whose names need not be
// unique.
func TestG13_SavedPlanWithATokenTwice(t *testing.T) {
	t.Parallel()
	const tokens = `    tokens: {t: {store: {command: [sh, -c, "cat > t.token"]}}}
`
	for name, before := range map[string]string{
		"with its account": "",
		"of an account":    "version: 1\norg: Acme\nservice_accounts: {robot: {}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newBareSite(t, sandbox.Options{})
			p := s.owner(t)
			if before != "" {
				p.file("access.yaml", before)
				p.must("policy", "apply", "--yes")
			}
			p.file("access.yaml", "version: 1\norg: Acme\nservice_accounts:\n  robot:\n"+tokens)
			p.must("policy", "plan", "--out", "p.plan")
			p.must("policy", "apply", "--plan", "p.plan", "--yes")
			p.btadmin("policy", "apply", "--plan", "p.plan", "--yes").expect(t, 7, "has changed since the plan was made")
			if ids := s.tokensNamed("t"); len(ids) != 1 {
				t.Errorf("tokens %q", ids)
			}
		})
	}
}
