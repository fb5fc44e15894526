package policy

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/policy/proposal"
)

// plan runs the tests on the organization as a plan of the policy would leave it.
func (x *tested) plan(ctx context.Context, a *app.App, paths []string) error {
	c, err := compare(ctx, a, paths)
	if err != nil {
		return err
	}
	made := proposal.New(ctx, c.policy, c.view, c.result)
	x.state, x.policy, x.view, x.report = "planned", c.policy, made.After, made.Tests
	return nil
}
