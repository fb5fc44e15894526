package policy

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/proposal"
)

// plan runs the tests on the organization as a plan of the policy would leave it.
func (x *tested) plan(ctx context.Context, a *app.App, paths []string) error {
	c, err := compare(ctx, a, paths)
	if err != nil {
		return err
	}
	assert.Prepare(ctx, c.policy.Desired, c.view)
	made := proposal.New(c.policy, c.view, c.result)
	x.state, x.policy, x.view = "planned", c.policy, made.After
	x.report = assert.Run(ctx, c.policy.Desired, made.After, made.Names)
	return nil
}
