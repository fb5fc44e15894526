package app

import (
	"context"

	"btadmin/internal/change"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// planDocument is what --dry-run --json prints. Fields are added, never renamed.
type planDocument struct {
	Organization string           `json:"organization"`
	OrgID        string           `json:"org_id"`
	Host         string           `json:"host"`
	PlanHash     string           `json:"plan_hash"`
	Changes      []change.Line    `json:"changes"`
	Guards       []change.Finding `json:"guards"` // that fired
}

// showPlan tells what would be done. Guards that nothing on the command line can answer make it an error,
// as they would in earnest.
func (a *App) showPlan(ctx context.Context, c Change, review *change.Review, left []change.Finding) error {
	if c.Show == nil {
		if err := a.printPlan(ctx, review); err != nil {
			return err
		}
	}
	return a.tellGuards(review, left)
}

func (a *App) printPlan(ctx context.Context, review *change.Review) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	seen := r.Seen()
	var grants []braintrust.ACLItem
	for _, line := range review.Lines(seen) {
		if line.Grant != nil && !hasPlaceholder(*line.Grant) {
			grants = append(grants, *line.Grant)
		}
	}
	var names change.Namer = seen
	if len(grants) > 0 {
		if full, err := r.Names(ctx, grants); err == nil {
			names = full
		}
	}
	lines := review.Lines(names)
	if p.Human() {
		return output.List(p, planColumns(), lines)
	}
	doc := planDocument{
		Organization: review.Plan.Org.Name, OrgID: review.Plan.Org.ID, Host: review.Plan.Host,
		PlanHash: review.Hash, Changes: lines, Guards: review.Findings,
	}
	if doc.Guards == nil {
		doc.Guards = []change.Finding{}
	}
	return output.Value(p, doc)
}

// tellGuards says what fired, and what would let it pass.
func (a *App) tellGuards(review *change.Review, left []change.Finding) error {
	a.Status.Note("dry run: nothing was sent")
	var hard []change.Finding
	soft := false
	for _, f := range left {
		switch f.Bypass {
		case "approve", "exposure":
			soft = true
			fallthrough
		case "confirm":
			a.Status.Warn("%s (%s)", f.Message, f.Guard)
		default:
			hard = append(hard, f)
		}
	}
	if soft && len(hard) == 0 {
		refusal := &change.GuardError{Findings: left, Hash: review.Hash}
		a.Status.Hint("in scripts: %s", refusal.Flags())
	}
	if len(hard) > 0 {
		return &change.GuardError{Findings: hard, Hash: review.Hash}
	}
	return nil
}

func hasPlaceholder(item braintrust.ACLItem) bool {
	for _, id := range []string{item.ObjectID, item.UserID, item.GroupID, item.RoleID} {
		if _, is := change.IsNew(id); is {
			return true
		}
	}
	return false
}

func planColumns() []output.Column[change.Line] {
	return []output.Column[change.Line]{
		{Field: "action", Text: func(l change.Line) string { return l.Action }},
		{Field: "target", Text: func(l change.Line) string { return l.Target }},
		{Field: "detail", Text: func(l change.Line) string { return l.Detail }},
		{Field: "grant", Header: "RAW", Text: rawGrant},
	}
}

// rawGrant is the tuple of a grant as the API has it.
func rawGrant(l change.Line) string {
	if l.Grant == nil {
		return ""
	}
	g := l.Grant
	what := string(g.Permission)
	if g.RoleID != "" {
		what = "role=" + g.RoleID
	}
	if g.RestrictObjectType != "" {
		what += " restrict=" + string(g.RestrictObjectType)
	}
	return string(g.ObjectType) + " " + g.ObjectID + " " + what
}
