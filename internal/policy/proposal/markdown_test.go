package proposal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/proposal"
	"btadmin/internal/policy/reconcile"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// propose compares a document with an organization that has some groups with a member each.
func propose(t *testing.T, document string, names ...string) *proposal.Proposal {
	t.Helper()
	s := &access.Snapshot{
		Organization: braintrust.Organization{ID: "0f1e2d3c-0000-4000-8000-000000000000", Name: "acme `<b>` @all"}, TokensKnown: true, Complete: true,
		Users: []braintrust.User{{ID: "u", Email: "ana@acme.example.com"}},
	}
	for i, name := range names {
		s.Groups = append(s.Groups, braintrust.Group{ID: fmt.Sprint("g", i), OrgID: s.Organization.ID, Name: name, MemberUsers: []string{"u"}})
	}
	p, problems := policy.Parse([]policy.File{{Name: "access.yaml", Data: []byte("version: 1\norg: acme\n" + document)}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	v := orgview.New(s, orgview.Meta{Objects: true})
	result, err := reconcile.Compare(t.Context(), p.Desired, v, reconcile.Options{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return proposal.New(t.Context(), p, v, result)
}

// Names mean nothing in a comment: they stand in code, which ends where it should.
func TestMarkdownIsHarmless(t *testing.T) {
	t.Parallel()
	evil := "``` <img src=x onerror=alert(1)> @everyone [x](http://e.example) -->"
	made := propose(t, fmt.Sprintf("groups: {%q: {members: []}}\n", evil), evil)
	comment := made.Markdown()
	first, rest, _ := strings.Cut(comment, "\n")
	if first != "<!-- btadmin-policy-plan:0f1e2d3c-0000-4000-8000-000000000000 -->" {
		t.Errorf("first line %q", first)
	}
	fence := ""
	for line := range strings.Lines(rest) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence != "" && line == fence:
			fence = ""
		case fence == "" && strings.HasPrefix(line, "```"):
			fence = strings.TrimRight(line, "dif")
		case fence == "" && (strings.Contains(line, "<img") || strings.Contains(line, "@everyone")):
			t.Errorf("outside of code: %q", line)
		}
	}
	if fence != "" || !strings.Contains(comment, "@everyone") {
		t.Errorf("the fence %q is open in\n%s", fence, comment)
	}
	if !strings.Contains(comment, "### Access plan for `` acme `<b>` @all ``") {
		t.Error(comment)
	}
	if again := propose(t, fmt.Sprintf("groups: {%q: {members: []}}\n", evil), evil).Markdown(); again != comment {
		t.Error("the same proposal is another comment")
	}
}

// A comment has room for 60,000 characters; what does not fit is counted.
func TestMarkdownFits(t *testing.T) {
	t.Parallel()
	var document strings.Builder
	var names []string
	document.WriteString("groups:\n")
	for i := range 3000 {
		names = append(names, fmt.Sprintf("team-%04d-ü", i))
		fmt.Fprintf(&document, "  team-%04d-ü: {members: []}\n", i)
	}
	comment := propose(t, document.String(), names...).Markdown()
	if n := utf8.RuneCountInString(comment); n > 60_000 || n < 50_000 {
		t.Errorf("%d characters", n)
	}
	if !strings.Contains(comment, " more lines\n```\n</details>") || !strings.HasSuffix(comment, "No access was changed by this plan.</sub>\n") {
		t.Error(comment[len(comment)-300:])
	}
}

func TestTextOfNothing(t *testing.T) {
	t.Parallel()
	made := propose(t, "groups: {QA: {members: [ana@acme.example.com]}}\n", "QA")
	if got := made.Text(); got != "No changes: acme `<b>` @all is as the document asks.\n" {
		t.Errorf("%q", got)
	}
	if d := made.Document(); d.Differs || d.PlanHash != "" || d.Differences == nil || d.Changes == nil || d.Guards == nil || d.Patterns == nil || d.Tests == nil || d.Warnings == nil {
		t.Errorf("%+v", d)
	}
}
