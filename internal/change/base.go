package change

import (
	"context"
	"fmt"

	"btadmin/internal/orgstate"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// wholeNeed is every list that a guard can ask for. Objects are not among them: those that a plan touches are placed
// (see placeUnread).
func wholeNeed() orgstate.Need {
	return orgstate.Need{Users: true, Groups: true, Roles: true, Tokens: true, OptionalTokens: true, AllACLs: true, Projects: true}
}

// ReadBase reads the whole organization, completely or not at all (G16): what Plan.Base is for a plan that does not
// bring its own.
func (r *Runner) ReadBase(ctx context.Context, org braintrust.Organization) (*access.Snapshot, error) {
	snapshot, err := orgstate.Load(ctx, r.Client, org, wholeNeed())
	if refused(err) {
		return nil, &GuardError{Findings: []Finding{{Guard: "G16", Message: fmt.Sprintf(
			"the plan cannot be judged, because this key may not read the whole organization (%v)", err)}}}
	}
	if err != nil {
		return nil, fmt.Errorf("read what the guards need: %w", err)
	}
	return snapshot, nil
}

// askCaller finds out who the credential belongs to, when a guard asks.
func (v *view) askCaller(ctx context.Context, r *Runner, asked bool) (err error) {
	if !asked {
		return nil
	}
	v.callerAsked = true
	if v.caller, err = r.Caller(ctx); err != nil {
		return fmt.Errorf("find out who this key belongs to: %w", err)
	}
	return nil
}

// objectsTouched are the experiments, datasets, prompts and the like that grants of a plan are on and that are not
// known, because their lists were not read or because there is no list of them.
func objectsTouched(state *access.State, steps []Step) []access.Node {
	var nodes []access.Node
	for _, step := range steps {
		for _, item := range itemsOf(step) {
			switch node := access.NodeOf(item); node.Type {
			case braintrust.ObjectExperiment, braintrust.ObjectDataset, braintrust.ObjectPrompt, braintrust.ObjectPromptSession:
				if len(state.Parents(node)) == 0 {
					nodes = append(nodes, node)
				}
			}
		}
	}
	return nodes
}

// itemsOf are the grants that a step adds or removes.
func itemsOf(step Step) []braintrust.ACLItem {
	switch s := step.(type) {
	case *AddACLs:
		return s.Items
	case *RemoveACLs:
		return s.items()
	}
	return nil
}
