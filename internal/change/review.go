package change

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/internal/exit"
	"btadmin/internal/orgstate"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Review is a plan in the order in which it runs, with what the guards say about it.
type Review struct {
	Plan     Plan
	Steps    []Step
	Findings []Finding
	// Hash identifies the steps, the state they touch and the super-users they make; --approve-superuser
	// takes it.
	Hash   string
	Before *access.State // what was read for the guards
	caller orgstate.Caller
	passed Approval
}

// Destructive reports whether the plan takes anything away.
func (r *Review) Destructive() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.phase() >= phaseRemove })
}

// Lines is the plan for people.
func (r *Review) Lines(names Namer) []Line {
	var lines []Line
	for _, step := range r.Steps {
		lines = append(lines, step.Lines(names)...)
	}
	return lines
}

// Approval is what the command line says to let guards pass.
type Approval struct {
	Confirm          []string // names that were repeated
	ConfirmCount     int      // how many things are deleted, for names that came from a pipe
	Superuser        string   // the hash of the plan
	Override, Reason string
}

// Settle returns the findings that the approval does not answer. An override of a guard that did not fire,
// or without a reason, is an error.
func (r *Review) Settle(a Approval) ([]Finding, error) {
	if a.Override != "" {
		fired := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Guard == a.Override })
		able := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Guard == a.Override && f.Bypass == "override" })
		switch {
		case !fired:
			return nil, exit.BadInputf("--override %s: that guard did not fire", a.Override)
		case !able:
			return nil, &GuardError{Hash: r.Hash, Findings: onlyGuard(r.Findings, a.Override)}
		case strings.TrimSpace(a.Reason) == "":
			return nil, exit.BadInputf("--override %s needs --reason", a.Override)
		}
	}
	r.passed = a
	toConfirm := 0
	for _, f := range r.Findings {
		if f.Bypass == "confirm" {
			toConfirm++
		}
	}
	// A count stands for names that nobody typed: those that came through a pipe.
	counted := r.Plan.Bulk && a.ConfirmCount > 0 && a.ConfirmCount == toConfirm
	var left []Finding
	for _, f := range r.Findings {
		switch f.Bypass {
		case "override":
			if f.Guard == a.Override {
				continue
			}
		case "approve":
			if a.Superuser != "" && a.Superuser == r.Hash {
				continue
			}
		case "confirm":
			if counted || !slices.ContainsFunc(f.Names, func(name string) bool { return !repeated(a.Confirm, name) }) {
				continue
			}
		}
		left = append(left, f)
	}
	return left, nil
}

// repeated reports whether a name was said exactly; e-mails compare without case.
func repeated(said []string, name string) bool {
	return slices.ContainsFunc(said, func(s string) bool {
		return s == name || strings.Contains(name, "@") && text.CanonicalEmail(s) == text.CanonicalEmail(name)
	})
}

func onlyGuard(findings []Finding, id string) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Guard != id })
}

// Review orders a plan, reads what its guards need, and runs them on the state after every step.
func (r *Runner) Review(ctx context.Context, plan Plan) (*Review, error) {
	review := &Review{Plan: plan, Steps: ordered(plan.Steps)}
	var total need
	for _, step := range review.Steps {
		total = total.merge(step.needs(plan.Org))
	}
	v, findings, err := r.look(ctx, plan, total)
	if err != nil {
		return nil, err
	}
	v.steps = review.Steps
	review.Before, review.caller = v.before, v.caller
	if err := taken(review.Steps, v.before); err != nil {
		return nil, err
	}
	review.Findings = append(findings, v.findings()...)
	review.Hash, err = review.hash(v)
	return review, err
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

// look reads what is needed. A list that must be seen and is refused is a finding: an incomplete view means
// no (G16).
func (r *Runner) look(ctx context.Context, plan Plan, n need) (*view, []Finding, error) {
	v := &view{org: plan.Org, bulk: plan.Bulk, names: r.Names}
	want := n.must.Merge(n.wish)
	snapshot, err := plan.Base, error(nil)
	if plan.Base == nil {
		snapshot, err = orgstate.Load(ctx, r.Client, plan.Org, want)
	} else {
		want = everything(plan.Base)
	}
	if refused(err) && !n.wish.Empty() && !n.must.Covers(n.wish) {
		want = n.must // what was only wished for is passed over
		snapshot, err = orgstate.Load(ctx, r.Client, plan.Org, want)
	}
	var findings []Finding
	if refused(err) {
		findings = append(findings, Finding{Guard: "G16", Message: fmt.Sprintf(
			"what this change would do to owners and super-users cannot be judged, because this key may not read it (%v)", err)})
		want, snapshot, err = orgstate.Need{}, &access.Snapshot{Organization: plan.Org}, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read what the guards need: %w", err)
	}
	v.known = want
	v.tokensKnown = snapshot.TokensKnown
	v.members = orgstate.Classify(snapshot.Users, snapshot.Tokens, snapshot.TokensKnown)
	v.before = access.NewState(snapshot)
	placeUnread(v.before, want.ACLsOn)
	if want.Covers(topNeed(plan.Org)) {
		v.before.AddImplied()
	}
	if _, seen := v.before.GroupNamed(access.OwnersGroup); !seen && want.Covers(topNeed(plan.Org)) && n.must.Covers(topNeed(plan.Org)) {
		findings = append(findings, Finding{Guard: "G16", Message: "what this change would do to owners and super-users cannot be judged, " +
			"because this key does not see all groups: the built-in group Owners is not among them"})
	}
	if n.caller {
		if v.caller, err = r.Caller(ctx); err != nil {
			return nil, nil, fmt.Errorf("find out who this key belongs to: %w", err)
		}
		v.callerAsked = true
	}
	return v, findings, nil
}

// everything is what a whole organization was read from.
func everything(s *access.Snapshot) orgstate.Need {
	return orgstate.Need{Users: true, Groups: true, Roles: true, Tokens: s.TokensKnown, AllACLs: true, Projects: true, Objects: true}
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
