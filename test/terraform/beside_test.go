package terraform

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// The steps, in the order in which they are done on one organization.
const (
	creating = iota
	noChange
	oneMore
	deleted
	steps
)

func stepNames() [steps]string {
	return [steps]string{"create everything", "plan without changes", "one grant more", "plan after one was deleted elsewhere"}
}

// withBtadmin does every step.
func withBtadmin(t testing.TB, w *site, s size) (took [steps]ended) {
	t.Helper()
	b := btadmin(t, w)
	org := orgName(t, w)
	b.write("access.yaml", policy(org, s, false))
	took[creating] = b.run(0, "policy", "apply", "--yes", "--quiet")
	took[noChange] = b.run(0, "policy", "plan", "--exit-code", "--quiet")
	b.write("access.yaml", policy(org, s, true))
	took[oneMore] = b.run(0, "policy", "apply", "--yes", "--quiet")
	w.deleteGrant(t, groupName(0), projectName(1))
	took[deleted] = b.run(6, "policy", "plan", "--exit-code", "--quiet")
	return took
}

// withTerraform does every step. The last one is a failure: the provider does not know the API's answer for what is gone.
func withTerraform(t testing.TB, w *site, s size) (took [steps]ended) {
	t.Helper()
	c, took := createdByTerraform(t, w, s, variant{})
	c.write("main.tf", configuration(t, w, s, variant{}, true))
	took[oneMore] = c.run(0, "apply", "-auto-approve", "-input=false", "-no-color")
	w.deleteGrant(t, groupName(0), projectName(1))
	took[deleted] = c.run(1, "plan", "-detailed-exitcode", "-input=false", "-no-color")
	if !strings.Contains(took[deleted].out, "reading the acl") {
		t.Errorf("the plan of Terraform failed otherwise than expected:\n%s", took[deleted].out)
	}
	return took
}

// createdByTerraform does the first two steps.
func createdByTerraform(t testing.TB, w *site, s size, v variant) (c *tool, took [steps]ended) {
	t.Helper()
	c = terraform(t, w)
	c.write("main.tf", configuration(t, w, s, v, false))
	took[creating] = c.run(0, "apply", "-auto-approve", "-input=false", "-no-color")
	took[noChange] = c.run(0, "plan", "-detailed-exitcode", "-input=false", "-no-color")
	asModelled(t, took, s, v)
	return c, took
}

// asModelled holds Terraform against what is said of the model: one request for each resource and operation, and for a new group
// a second one where its members come later.
func asModelled(t testing.TB, took [steps]ended, s size, v variant) {
	t.Helper()
	resources, second := s.groups+s.acls(), 0
	if v.projects {
		resources += s.projects
	}
	if v.membersByUpdate {
		second = s.groups
	}
	if got, want := took[creating].counts, (sandbox.Counts{Writes: resources + second}); got != want {
		t.Errorf("Terraform sent %+v to create, the model has %+v", got, want)
	}
	if got, want := took[noChange].counts, (sandbox.Counts{Reads: resources}); got != want {
		t.Errorf("Terraform sent %+v to plan, the model has %+v", got, want)
	}
}

// Both tools make the same of the same organization, so that what they cost may be compared.
func TestBothMakeTheSame(t *testing.T) {
	s := size{projects: 4, groups: 3}
	ours, theirs := newSite(t, s.projects, 0), newSite(t, s.projects, 0)
	withBtadmin(t, ours, s)
	withTerraform(t, theirs, s)

	made := ours.made(t)
	if !slices.Contains(made, "team-00 may update Project 00001") || !slices.Equal(made, theirs.made(t)) {
		t.Errorf("btadmin made\n%s\n\nTerraform made\n%s", strings.Join(made, "\n"), strings.Join(theirs.made(t), "\n"))
	}
}

// What Terraform has made is what the policy says, whichever way it is written down for Terraform.
func TestPolicyOfWhatTerraformMade(t *testing.T) {
	for _, v := range []variant{{}, {projects: true}, {membersByUpdate: true}} {
		t.Run(fmt.Sprintf("%+v", v), func(t *testing.T) {
			s := size{projects: 4, groups: 3}
			w := newSite(t, seeded(s, v), 0)
			c, _ := createdByTerraform(t, w, s, v)
			if blind := c.run(0, "plan", "-refresh=false", "-detailed-exitcode", "-input=false", "-no-color"); blind.counts != (sandbox.Counts{}) {
				t.Errorf("without a refresh Terraform sent %+v", blind.counts)
			}
			b := btadmin(t, w)
			b.write("access.yaml", policy(orgName(t, w), s, false))
			b.run(0, "policy", "plan", "--exit-code", "--quiet")
			b.write("access.yaml", policy(orgName(t, w), s, true))
			b.run(6, "policy", "plan", "--exit-code", "--quiet")
		})
	}
}

// seeded is how many projects are there before: none where they are resources.
func seeded(s size, v variant) int {
	if v.projects {
		return 0
	}
	return s.projects
}

// BenchmarkBesideTerraform does every step once, at both sizes of the budget and at both latencies, and prints two tables: the
// same work for both, and what Terraform sends when projects are resources and groups are filled after they were made.
func BenchmarkBesideTerraform(b *testing.B) {
	var same, more []row
	for _, s := range []size{{25, 20}, {50, 40}} {
		var ours, theirs [2][steps]ended
		for i, latency := range [2]time.Duration{0, 50 * time.Millisecond} {
			ours[i] = withBtadmin(b, newSite(b, s.projects, latency), s)
			theirs[i] = withTerraform(b, newSite(b, s.projects, latency), s)
		}
		for step, what := range stepNames() {
			same = append(same, row{what, s, at(ours, step), at(theirs, step)})
		}
		v := variant{projects: true, membersByUpdate: true}
		_, all := createdByTerraform(b, newSite(b, 0, 0), s, v)
		names := stepNames()
		for step, what := range names[:oneMore] {
			more = append(more, row{what: what, size: s, theirs: [2]ended{all[step]}})
		}
	}
	fmt.Fprintf(os.Stdout, "\n%s\n%s\n", beside(same), requestsOnly(more))
}

func at(took [2][steps]ended, step int) [2]ended { return [2]ended{took[0][step], took[1][step]} }
