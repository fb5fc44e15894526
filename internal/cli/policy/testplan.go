package policy

import (
	"context"

	"btadmin/internal/app"
	"btadmin/internal/exit"
)

// plan runs the tests on the organization as a plan of the policy would leave it.
func (x *tested) plan(_ context.Context, _ *app.App, _ []string) error {
	return exit.BadInputf("--planned is not there yet")
}
