package change

import (
	"slices"

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
	steps       []Step
	bulk        bool
	names       Namer
	tokensKnown bool     // otherwise people and service accounts cannot be told apart for sure
	gains       []string // who becomes a super-user, sorted: part of the plan's hash
}

// guard is one rule. step judges one step by itself; state judges what the organization looks like after
// it, and runs on every prefix of the plan.
type guard struct {
	id    string
	step  func(*view, Step) []Finding
	state func(v *view, after *access.State) []Finding
}

// guards is the table of rules, by the ids of docs/scripting.md.
func guards() []guard {
	return []guard{
		{id: "G1", state: ownerRemains},
		{id: "G3", step: keepsCredential, state: keepsSelf},
		{id: "G7", step: unknownPermission, state: newSuperusers},
		{id: "G9", step: builtInStays},
		{id: "G11", step: namedDeletion},
		{id: "G12", step: safeName},
	}
}

// findings runs every guard on every prefix; what fires more than once is reported once.
func (v *view) findings() []Finding {
	var all []Finding
	after := v.before.Clone()
	for _, step := range v.steps {
		step.apply(after)
		for _, g := range guards() {
			if g.step != nil {
				all = addFindings(all, g.id, g.step(v, step))
			}
			if g.state != nil {
				all = addFindings(all, g.id, g.state(v, after))
			}
		}
	}
	for _, f := range all {
		if f.Guard == "G7" {
			v.gains = append(v.gains, f.Message+" "+f.subject)
		}
	}
	slices.Sort(v.gains)
	return all
}

func addFindings(all []Finding, id string, found []Finding) []Finding {
	for _, f := range found {
		if f.Guard == "" {
			f.Guard = id
		}
		same := func(have Finding) bool {
			return have.Guard == f.Guard && have.Message == f.Message && have.subject == f.subject
		}
		if !slices.ContainsFunc(all, same) {
			all = append(all, f)
		}
	}
	return all
}
