package change

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Review is a plan in the order in which it runs, with what the guards say about it.
type Review struct {
	Plan     Plan
	Steps    []Step
	Findings []Finding
	// Hash identifies the steps, the state they touch and the super-users they make; --approve-superuser
	// and --approve-exposure take it.
	Hash   string
	Before *access.State // what was read for the guards
	caller orgstate.Caller
	passed Approval
	rests  []Rest // what the plan rests on, when it has a Base
}

// Destructive reports whether the plan takes anything away.
func (r *Review) Destructive() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.phase() >= phaseRemove })
}

// deletes reports whether the plan deletes things, which the same command would not find again.
func (r *Review) deletes() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.phase() == phaseDelete })
}

// Lines is the plan for people.
func (r *Review) Lines(names Namer) []Line {
	var lines []Line
	for _, step := range r.Steps {
		lines = append(lines, step.Lines(names)...)
	}
	return lines
}

// Review orders a plan, reads what its guards need, and runs them on every state that the plan passes through.
func (r *Runner) Review(ctx context.Context, plan Plan) (*Review, error) {
	review := &Review{Plan: plan, Steps: ordered(plan.Steps)}
	v, findings, err := r.look(ctx, review)
	if err != nil {
		return nil, err
	}
	if err := r.keep(ctx, v); err != nil {
		return nil, err
	}
	if err := review.judge(v, findings); err != nil {
		return nil, err
	}
	if plan.Base != nil {
		review.rests, err = restsOf(v)
	}
	return review, err
}

// judge runs the guards on what was read. findings are those of the reading.
func (r *Review) judge(v *view, findings []Finding) (err error) {
	r.Before, r.caller = v.before, v.caller
	if err := taken(r.Steps, v.before); err != nil {
		return err
	}
	r.Findings = append(findings, v.findings()...)
	r.Hash, err = r.hash(v)
	return err
}

// taken finds out before anything is sent that a name is in use: the server would answer with the existing
// thing, unchanged.
func taken(steps []Step, before *access.State) error {
	for _, step := range steps {
		switch s := step.(type) {
		case *CreateGroup:
			if g, exists := before.GroupNamed(s.Name); exists {
				return &AlreadyExistsError{Kind: "group", Name: s.Name, ID: g.ID}
			}
		case *PatchGroup:
			if s.Patch.Name == nil {
				continue
			}
			if g, exists := before.GroupNamed(*s.Patch.Name); exists && g.ID != s.Group.ID {
				return &AlreadyExistsError{Kind: "group", Name: g.Name, ID: g.ID}
			}
		case *CreateRole:
			if r, exists := roleNamed(before, s.Name); exists {
				return &AlreadyExistsError{Kind: "role", Name: s.Name, ID: r.ID}
			}
		case *PatchRole:
			if s.Patch.Name == nil {
				continue
			}
			if r, exists := roleNamed(before, *s.Patch.Name); exists && r.ID != s.Role.ID {
				return &AlreadyExistsError{Kind: "role", Name: r.Name, ID: r.ID}
			}
		}
	}
	return nil
}

func roleNamed(s *access.State, name string) (braintrust.Role, bool) {
	for _, id := range s.Roles() {
		if r, _ := s.Role(id); r.Name == name {
			return r, true
		}
	}
	return braintrust.Role{}, false
}

// hash covers the steps with what they found, and who becomes a super-user: a plan that was approved and
// has changed since is another plan.
func (r *Review) hash(v *view) (string, error) {
	type hashed struct {
		Type string `json:"type"`
		Step Step   `json:"step"`
	}
	content := struct {
		Host, Org string
		Steps     []hashed
		Gains     []string
	}{Host: r.Plan.Host, Org: r.Plan.Org.ID, Gains: v.gains}
	for _, step := range r.Steps {
		content.Steps = append(content.Steps, hashed{Type: fmt.Sprintf("%T", step), Step: step})
	}
	raw, err := json.Marshal(content, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("hash the plan: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16]), nil
}
