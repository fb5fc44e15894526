package change

import (
	"context"
	"fmt"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// mostLists is how many lists of grants are read one by one; for more, those of the whole organization are.
const mostLists = 64

// look reads what is needed, and then what turns out to be needed once groups are known. A list that must be seen
// and is refused is a finding: an incomplete view means no (G16).
func (r *Runner) look(ctx context.Context, review *Review) (*view, []Finding, error) {
	plan := review.Plan
	var n need
	for _, step := range review.Steps {
		n = n.merge(step.needs(plan.Org))
	}
	if plan.Bulk {
		n.must = n.must.Merge(removalNeed(review.Steps))
	}
	n.wish = n.wish.Merge(keepNeed(review.Steps))
	v := &view{org: plan.Org, bulk: plan.Bulk, limits: plan.Limits, names: r.Names, steps: review.Steps}
	want, snapshot := everything(), plan.Base
	var findings []Finding
	if plan.Base == nil {
		var err error
		if want, snapshot, findings, err = r.load(ctx, plan.Org, n); err != nil {
			return nil, nil, err
		}
		if want, err = r.loadExposed(ctx, v, want, snapshot); err != nil {
			return nil, nil, err
		}
	}
	v.known = want
	v.tokens, v.tokensKnown = snapshot.Tokens, snapshot.TokensKnown
	v.members = orgstate.Classify(snapshot.Users, snapshot.Tokens, snapshot.TokensKnown)
	v.before = access.NewState(snapshot)
	placeUnread(v.before, want.ACLsOn)
	if plan.Base != nil {
		placeUnread(v.before, objectsTouched(v.before, review.Steps))
	}
	if want.Covers(topNeed(plan.Org)) {
		v.before.AddImplied()
	}
	if _, seen := v.before.GroupNamed(access.OwnersGroup); !seen && want.Covers(topNeed(plan.Org)) && n.must.Covers(topNeed(plan.Org)) {
		findings = append(findings, Finding{Guard: "G16", Message: "what this change would do to owners and super-users cannot be judged, " +
			"because this key does not see all groups: the built-in group Owners is not among them"})
	}
	return v, findings, v.askCaller(ctx, r, n.caller)
}

// everything is what a whole organization was read from.
func everything() orgstate.Need {
	n := wholeNeed()
	n.Objects = true
	return n
}

// load reads what is needed and says what that was.
func (r *Runner) load(ctx context.Context, org braintrust.Organization, n need) (orgstate.Need, *access.Snapshot, []Finding, error) {
	want := n.must.Merge(n.wish)
	snapshot, err := r.lists(ctx, org, &want)
	if refused(err) && !n.wish.Empty() && !n.must.Covers(n.wish) {
		want = n.must // what was only wished for is passed over
		snapshot, err = r.lists(ctx, org, &want)
	}
	var findings []Finding
	if refused(err) {
		findings = append(findings, Finding{Guard: "G16", Message: fmt.Sprintf(
			"what this change would do to owners and super-users cannot be judged, because this key may not read it (%v)", err)})
		want, snapshot, err = orgstate.Need{}, &access.Snapshot{Organization: org}, nil
	}
	if err != nil {
		return want, nil, nil, fmt.Errorf("read what the guards need: %w", err)
	}
	return want, snapshot, findings, nil
}

// lists reads lists. Where grants on many nodes are wanted, those of the whole organization are fewer requests, if
// the key may read them.
func (r *Runner) lists(ctx context.Context, org braintrust.Organization, want *orgstate.Need) (*access.Snapshot, error) {
	if len(want.ACLsOn) > mostLists && !want.AllACLs {
		all := *want
		all.AllACLs = true
		snapshot, err := orgstate.Load(ctx, r.Client, org, all)
		if !refused(err) {
			*want = all
			return snapshot, err
		}
	}
	return orgstate.Load(ctx, r.Client, org, *want)
}

// placeUnread puts what grants are attached to into the tree, where its own lists were not read, so that
// what is inherited from above counts. An object whose project is not known hangs below all projects.
func placeUnread(s *access.State, nodes []access.Node) {
	for _, n := range nodes {
		switch n.Type {
		case braintrust.ObjectProject, braintrust.ObjectProjectLog:
			s.PutProject(braintrust.Project{ID: n.ID})
		case braintrust.ObjectProjectGroup:
			s.PutProjectGroup(braintrust.ProjectGroup{ID: n.ID})
		case braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession:
			s.PutProject(braintrust.Project{ID: unread})
			s.PutObject(access.Object{Kind: braintrust.ObjectKind(n.Type), Object: braintrust.Object{ID: n.ID, ProjectID: unread}})
		}
	}
}

// unread stands for the id of a project that was not looked up.
const unread = "unread"

func refused(err error) bool {
	return err != nil && (braintrust.IsForbidden(err) || braintrust.IsNotFound(err))
}
