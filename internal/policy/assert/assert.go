// Package assert runs the tests of a policy: assertions on effective access, on an organization as it is, as a
// snapshot file has it, or as it will be after a plan. It asks nobody but the view it is given.
//
// What the words of a test mean is decided in docs/adr/0027-policy-tests.md. In short: can is about everybody and
// everything that is meant, things to come included; cannot is about anybody and anything.
package assert

import (
	"context"
	"slices"

	"btadmin/internal/explain"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/document"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// mostExplained is how many failures of one test come with their reasons.
const mostExplained = 100

// Report is what became of the tests of a policy, in the order of the document.
type Report struct {
	Results []Result
	// Names are what principals, nodes and roles are called in it.
	Names explain.Names
}

// Result is what became of one test.
type Result struct {
	Test *policy.Test
	// Asked is how many questions were asked: principals times places. 0 with no Problems says that nothing was
	// there to be asked about, which a warning tells too.
	Asked int
	// Failures are the answers that are not what the test demands.
	Failures []Failure
	// Problems are reasons why the test could not be judged. It has failed then.
	Problems []string
	// Warnings are remarks, such as that a pattern matches nothing.
	Warnings []string
}

// Passed reports whether the test holds.
func (r *Result) Passed() bool { return len(r.Failures) == 0 && len(r.Problems) == 0 }

// Failure is one principal who may do what he must not, may not do what he must, or lacks an annotation.
type Failure struct {
	Principal access.Principal
	// Holds is whether the principal has the permissions; else he lacks them.
	Holds bool
	// Word is the permission word of the test. Permissions are those of it that are held, or that are missing.
	Word        string
	Permissions []braintrust.Permission
	// Node is where; with Child, the things of that type in it, those to come included.
	Node  access.Node
	Child braintrust.ObjectType
	// Why explains each of the permissions; empty beyond the first hundred failures of a test.
	Why []access.Explanation
	// Message is what requires does not find, instead of all that.
	Message string
	// At is the place in the document that the message is about, unknown when the document does not speak of it.
	At document.Pos
}

// byMembership reports whether something that is held is held without a grant.
func (f *Failure) byMembership(e access.Explanation) bool { return f.Holds && len(e.Paths) == 0 }

// Failed is the number of tests that do not hold.
func (r *Report) Failed() int {
	n := 0
	for i := range r.Results {
		if !r.Results[i].Passed() {
			n++
		}
	}
	return n
}

// Warned reports whether some test has a warning.
func (r *Report) Warned() bool {
	return slices.ContainsFunc(r.Results, func(x Result) bool { return len(x.Warnings) > 0 })
}

// Prepare looks up the single objects that tests name, in a live view that has read only what grants name. It belongs
// before the state of the view is used for a plan, so that the state after the plan has them too.
func Prepare(ctx context.Context, d *policy.Desired, v *orgview.View) {
	for i := range d.Tests {
		find(ctx, d.Tests[i].Where, v) // what is not found is told when the test runs
	}
}

// Run runs the tests of a document on an organization. For one that a plan would make, the view is of the snapshot
// after the plan, and names know what has no id yet; identity sources must have been read. Without names they are the
// view's.
func Run(ctx context.Context, d *policy.Desired, v *orgview.View, names explain.Names) *Report {
	if names == nil {
		names = v.Names()
	}
	out := &Report{Names: names, Results: make([]Result, len(d.Tests))}
	found := make([]single, len(d.Tests))
	for i := range d.Tests {
		out.Results[i].Test = &d.Tests[i]
		found[i] = find(ctx, d.Tests[i].Where, v)
	}
	x := newRun(d, v, names) // after every look-up, which may add to the view
	for i := range d.Tests {
		x.test(&out.Results[i], found[i])
	}
	return out
}

// run is one Run on its way.
type run struct {
	desired *policy.Desired
	view    *orgview.View
	state   *access.State
	names   explain.Names
	people  *people
	direct  map[braintrust.ObjectType]map[access.Principal][]placed
}

func newRun(d *policy.Desired, v *orgview.View, names explain.Names) *run {
	return &run{desired: d, view: v, names: names, state: v.State(), people: newPeople(v), direct: directGrants(v)}
}

func (x *run) test(r *Result, p single) {
	t := r.Test
	if t.Requires != "" {
		x.requires(r)
		return
	}
	asks := x.asks(r, p)
	if len(r.Problems) > 0 {
		return
	}
	switch {
	case len(t.Only) > 0:
		x.mustNot(r, x.others(r), asks)
		x.unmanned(r, asks)
	case len(t.Can) > 0:
		x.must(r, x.who(r, false), asks)
	default:
		x.mustNot(r, x.who(r, true), asks)
	}
	x.explain(r)
}

// explain finds the reasons of the first failures.
func (x *run) explain(r *Result) {
	traces := map[access.Principal]*access.Trace{}
	for i := range r.Failures[:min(len(r.Failures), mostExplained)] {
		f := &r.Failures[i]
		if traces[f.Principal] == nil {
			traces[f.Principal] = x.state.Trace(f.Principal)
		}
		for _, permission := range f.Permissions {
			f.Why = append(f.Why, traces[f.Principal].Explain(permission, f.Node, f.Child))
		}
	}
}
