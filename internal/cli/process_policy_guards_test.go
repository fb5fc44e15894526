package cli_test

import (
	"strings"
	"testing"

	"btadmin/internal/sandbox"
)

const acmeHead = "version: 1\norg: Acme\n"

// G6: an emptied section is refused, and passes with its override, which names it and the reason.
func TestG6_EmptiedSectionOfAPolicy(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", acmeHead+"groups: {Evaluators: {members: []}}\n")
	p.btadmin("policy", "apply", "--yes").expect(t, 7, "G6: members of Evaluators is empty in access.yaml")
	p.btadmin("policy", "apply", "--yes", "--override", "G6").expect(t, 4, "--reason")
	p.btadmin("policy", "apply", "--yes", "--override", "G5", "--reason", "x").expect(t, 4, "--override G5: that guard did not fire")
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
	p.must("policy", "apply", "--yes", "--override", "G6", "--reason", "the team is dissolved")
	if n := len(s.members("Evaluators")); n > 0 {
		t.Errorf("%d members are left", n)
	}
	if run := p.must("runs", "view", "latest", "--json"); !strings.Contains(run, "the team is dissolved") {
		t.Errorf("the reason is not in the journal: %s", run)
	}
}

// G9: nothing that a document can say deletes a built-in group, renames it or takes its base grant away.
func TestG9_BuiltInGroupsOfAPolicy(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	for name, document := range map[string]string{
		"pruned":               "manage: {groups: all, prune: true, ignore: {groups: [Contractors, Evaluators, \"ML *\"]}}\ngroups: {}\n",
		"no-permissions":       "groups: {Viewers: {builtin: true, permissions: {}}}\nroles: {}\n",
		"assigned-to-nobody":   "roles: {Owner: {builtin: true, assigned_to: []}, Viewer: {builtin: true, assigned_to: []}}\n",
		"assigned-to-somebody": "groups: {Viewers: {builtin: true, permissions: {}}}\nroles: {Viewer: {builtin: true, assigned_to: []}}\n",
	} {
		file := p.file(name+".yaml", acmeHead+document)
		p.btadmin("policy", "plan", file, "--exit-code").expect(t, 0)
		p.btadmin("policy", "apply", file, "--yes").expect(t, 0, "nothing was sent")
	}
	for name, document := range map[string]string{
		"renamed":    "groups: {Readers: {previously: [Viewers]}}\n",
		"renamed-2":  "groups: {Viewers: {builtin: true, previously: [Readers]}}\n",
		"role":       "roles: {Owner: {permissions: {any: [read]}}}\n",
		"not-marked": "groups: {Viewers: {members: []}}\n",
	} {
		file := p.file(name+".yaml", acmeHead+document)
		if got := p.btadmin("policy", "apply", file, "--yes"); got.code != 4 && got.code != 7 {
			t.Errorf("%s: code %d\n%s", name, got.code, got.stderr)
		}
	}
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}

// G10: what a document does not name stays, unless the section says prune: true; no flag takes its place.
func TestG10_NoPruneNoDeletion(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	all := "manage: {groups: all, members: exact, roles: all, service_accounts: all}\n" +
		"members: [ada@acme.example.com]\ngroups: {Evaluators: {}}\nroles: {Fresh: {permissions: {datasets: [read]}}}\nservice_accounts: {ci-evals: {}}\n"
	file := p.file("access.yaml", acmeHead+strings.Replace(all, "roles: {Fresh: {permissions: {datasets: [read]}}}", "roles: {Auditor: {}}", 1))
	p.btadmin("policy", "plan", file, "--exit-code").expect(t, 0)
	p.btadmin("policy", "apply", file, "--yes", "--max-removals", "100%", "--confirm", "QA").expect(t, 0, "nothing was sent")
	p.btadmin("policy", "apply", file, "--yes", "--override", "G10", "--reason", "x").expect(t, 0, "nothing was sent")
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}

// G14: a document for another organization changes nothing, whatever it says, and no override helps.
func TestG14_PolicyOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	s := newBareSite(t, sandbox.Options{})
	p := s.owner(t)
	p.file("access.yaml", "version: 1\norg: acme\ngroups: {Judges: {members: []}}\n") // names are exact
	for _, args := range [][]string{{"plan"}, {"drift"}, {"test", "--planned"}, {"apply", "--yes"}, {"apply", "--yes", "--override", "G14", "--reason", "x"}} {
		got := p.btadmin(append([]string{"policy"}, args...)...)
		if got.code != 7 && got.code != 4 || !strings.Contains(got.stderr, "G14") {
			t.Errorf("%q: code %d\n%s", args, got.code, got.stderr)
		}
	}
	if writes := s.writes(); len(writes) > 0 {
		t.Errorf("sent %q", writes)
	}
}
