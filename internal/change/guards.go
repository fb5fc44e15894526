package change

import (
	"cmp"
	"slices"
	"strconv"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// view is what the guards see: the organization as it is, who is asking, and the steps to come.
type view struct {
	org         braintrust.Organization
	before      *access.State
	known       orgstate.Need // which lists before was made from
	members     orgstate.Members
	caller      orgstate.Caller
	callerAsked bool
	steps       []Step // ordered
	bulk        bool
	limits      Limits
	names       Namer
	tokens      []braintrust.ServiceToken
	tokensKnown bool     // otherwise people and service accounts cannot be told apart for sure
	gains       []string // who becomes a super-user and what is exposed, sorted: part of the plan's hash
	hasOwners   *bool    // whether the group Owners was seen; asked for once
	looks       map[string]map[string][]named
}

// guard is one rule. step judges one step by itself, plan all of them together. gain and loss judge what the
// organization looks like: gain what somebody newly has, loss what is lost. Both are monotone: gain finds no less in a
// state that has more grants and members, loss no less in one that has fewer.
type guard struct {
	id         string
	step       func(*view, Step) []Finding
	plan       func(*view) []Finding
	gain, loss func(v *view, after *access.State) []Finding
}

// guards is the table of rules, by the ids of docs/guards.md. G13 is in saved_load.go, G15 in guard_sink.go, G16
// where things are read.
func guards() []guard {
	return []guard{
		{id: "G1", loss: ownerRemains},
		{id: "G2", loss: ownersStayMany},
		{id: "G3", step: keepsCredential, loss: keepsSelf},
		{id: "G4", loss: requiredOwnersStay},
		{id: "G5", plan: capsRemovals},
		{id: "G6", plan: emptiesNothing},
		{id: "G7", step: unknownPermission, plan: approvedSuperusers, gain: newSuperusers},
		{id: "G8", gain: newExposure},
		{id: "G9", step: builtInStays},
		{id: "G10", step: prunedOnly},
		{id: "G11", step: namedDeletion},
		{id: "G12", step: safeName},
		{id: "G14", plan: ownOrganization},
	}
}

// findings are what the guards say of every state on the way; what fires more than once is reported once.
//
// Up to phaseAdd steps only give, after it they only take (see ordered). Whatever part of a phase is carried out, and
// in whatever order, no state has more than the one after phaseAdd, and none has less than the last: gain is asked
// there, loss here, and that is the answer for all. A single step that does both has no states in between.
func (v *view) findings() []Finding {
	found := newFound()
	for _, g := range guards() {
		for _, step := range v.steps {
			if g.step != nil {
				found.add(g.id, g.step(v, step))
			}
		}
	}
	after, next := v.before.Clone(), 0
	for ; next < len(v.steps) && v.steps[next].phase() <= phaseAdd; next++ {
		v.steps[next].apply(after)
	}
	if next > 0 {
		found.ask(v, after, func(g guard) func(*view, *access.State) []Finding { return g.gain })
	}
	single := len(v.steps) == 1
	for _, step := range v.steps[next:] {
		step.apply(after)
	}
	if next < len(v.steps) && single {
		found.ask(v, after, func(g guard) func(*view, *access.State) []Finding { return g.gain })
	}
	if next < len(v.steps) || len(v.limits.MustInclude) > 0 {
		found.ask(v, after, func(g guard) func(*view, *access.State) []Finding { return g.loss })
	}
	for _, f := range found.all {
		if f.Guard == "G7" || f.Guard == "G8" {
			v.gains = append(v.gains, f.Message+" "+f.subject)
		}
	}
	slices.Sort(v.gains)
	for _, g := range guards() { // after the gains: one of them asks for those
		if g.plan != nil {
			found.add(g.id, g.plan(v))
		}
	}
	slices.SortStableFunc(found.all, func(a, b Finding) int { return cmp.Compare(number(a.Guard), number(b.Guard)) })
	return found.all
}

// number is that of a guard's id.
func number(id string) int {
	n, _ := strconv.Atoi(id[1:]) // ids are this package's own
	return n
}

// found are findings, each once.
type found struct {
	all  []Finding
	have map[[3]string]bool
}

func newFound() *found { return &found{have: map[[3]string]bool{}} }

func (f *found) add(id string, findings []Finding) {
	for _, finding := range findings {
		if finding.Guard == "" {
			finding.Guard = id
		}
		key := [3]string{finding.Guard, finding.Message, finding.subject}
		if !f.have[key] {
			f.have[key] = true
			f.all = append(f.all, finding)
		}
	}
}

func (f *found) ask(v *view, state *access.State, rule func(guard) func(*view, *access.State) []Finding) {
	for _, g := range guards() {
		if judge := rule(g); judge != nil {
			f.add(g.id, judge(v, state))
		}
	}
}
