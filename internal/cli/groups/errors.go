package groups

import (
	"errors"
	"fmt"

	"btadmin/internal/exit"
	"btadmin/pkg/braintrust"
)

func badInput(err error) bool {
	var e *exit.Error
	return errors.As(err, &e) && e.Code == exit.BadInput
}

// hideACLs explains the refusal of a list of grants: what could not be read, and what reading it needs. Other
// errors come back as they are.
func hideACLs(err error, what, needs string) error {
	if !braintrust.IsForbidden(err) {
		return err
	}
	return exit.New(exit.Auth, fmt.Errorf("read %s: %w", what, err)).WithHint("that needs %s; btadmin auth status says who this key is", needs)
}
