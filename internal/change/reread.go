package change

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// What a step says of a target that is not what the plan was made from.
var (
	errGone    = errors.New("it is gone")
	errChanged = errors.New("somebody else has changed it since the plan was made")
)

// errDone is what a step says that has nothing left to do.
var errDone = errors.New("it is done already")

// narrower is a step of many rows that are judged one by one: those that are there already, or whose line of the
// permission page somebody else has changed, need not stop the others.
type narrower interface {
	// narrow returns what is still to be sent, or nil, how many rows are as wanted, and the rows that are left
	// alone.
	narrow(now, base *seen) (rest Step, already int, foreign Step)
}

// errRowChanged says that a line of a permission page is not what the plan was made from.
var errRowChanged = errors.New("its permissions are not what the plan was made from")

// reread reads what the steps are about again, before the first write, and takes out of the run what is done
// already and what somebody else has changed since the plan was made (D12). When anything is different the guards
// look again, at the organization as it is now.
func (r *running) reread(ctx context.Context) error {
	plan := r.review.Plan
	steps := r.judgedSteps(r.review.Steps)
	now, err := read(ctx, r.Client, plan.Org, listsOf(steps), len(plan.Base.ACLs))
	if err != nil {
		return fmt.Errorf("read again what the plan is about: %w", err)
	}
	base := newSeen(plan.Base)
	for _, w := range r.all {
		if step, is := w.step.(repeatable); is {
			step.since(plan.Base)
		}
		r.narrow(w, now, base)
	}
	if nothingLeft(r.all) {
		return nil
	}
	if len(r.result.Skipped) > 0 || moved(base, now) {
		return r.guardAgain(ctx, now)
	}
	return nil
}

func (r *running) judgedSteps(steps []Step) []judged {
	var out []judged
	for _, step := range steps {
		if j, ok := step.(judged); ok {
			out = append(out, j)
		}
	}
	return out
}

// narrow leaves of one step what is to be sent.
func (r *running) narrow(w *work, now, base *seen) {
	w.step.bind(r.ids)
	if n, ok := w.step.(narrower); ok {
		rest, already, foreign := n.narrow(now, base)
		w.rest = rest
		r.already(already)
		if foreign != nil {
			r.result.Skipped = append(r.result.Skipped, r.unfinished(w.number, foreign, errRowChanged))
		}
		return
	}
	j, ok := w.step.(judged)
	if !ok {
		return
	}
	switch err := j.unchanged(now); {
	case err == nil:
	case errors.Is(err, errDone):
		j.shows(now)
		w.rest = nil
		r.already(w.step.size())
		if m, ok := w.step.(maker); ok {
			r.made(m)
		}
	default:
		w.rest = nil
		r.result.Skipped = append(r.result.Skipped, r.unfinished(w.number, w.step, err))
	}
}

func (r *running) already(rows int) {
	r.result.Already += rows
	r.result.Rows += rows
	r.tell(rows, 0)
}

// guardAgain has the guards look at what is left of the plan and at the organization as it is now. What fires now
// and did not before was not approved by anybody.
func (r *running) guardAgain(ctx context.Context, now *seen) error {
	plan := r.review.Plan
	plan.Base = merged(plan.Base, now)
	plan.Steps = nil
	for _, w := range r.all {
		if w.rest != nil {
			plan.Steps = append(plan.Steps, w.rest)
		}
	}
	review, err := r.Review(ctx, plan)
	if err != nil {
		return err
	}
	fresh := without(review.Findings, func(f Finding) bool {
		return slices.ContainsFunc(r.review.Findings, func(old Finding) bool {
			return old.covers(f)
		})
	})
	if len(fresh) == 0 {
		return nil
	}
	return fmt.Errorf("the organization has changed since the plan was made: %w", &GuardError{Findings: fresh, Hash: review.Hash})
}

// merged is base with the lists that were read again.
func merged(base *access.Snapshot, now *seen) *access.Snapshot {
	out := *base
	if now.snapshot.Users != nil {
		out.Users = now.snapshot.Users
	}
	if now.snapshot.Groups != nil {
		out.Groups = now.snapshot.Groups
	}
	if now.snapshot.Roles != nil {
		out.Roles = now.snapshot.Roles
	}
	kept := without(base.ACLs, func(a braintrust.ACL) bool { return now.lists(access.NodeOf(a.ACLItem)) })
	out.ACLs = append(kept, now.snapshot.ACLs...)
	return &out
}

// moved reports whether a list that was read again is not what the plan was made from.
func moved(base, now *seen) bool {
	return now.snapshot.Groups != nil && differ(base.groups, now.groups, sameGroup) ||
		now.snapshot.Roles != nil && differ(base.roles, now.roles, sameRole) ||
		now.snapshot.Users != nil && differ(base.users, now.users, func(a, b braintrust.User) bool { return a.ID == b.ID }) ||
		grantsMoved(base, now)
}

func differ[T any](a, b map[string]T, same func(T, T) bool) bool {
	if len(a) != len(b) {
		return true
	}
	for id, one := range a {
		if other, there := b[id]; !there || !same(one, other) {
			return true
		}
	}
	return false
}

func grantsMoved(base, now *seen) bool {
	for item := range now.acls {
		if _, known := base.acls[item]; !known {
			return true
		}
	}
	for item := range base.acls {
		if _, there := now.acls[item]; !there && now.lists(access.NodeOf(item)) {
			return true
		}
	}
	return false
}
