package groups

import (
	"errors"

	"btadmin/internal/exit"
)

func badInput(err error) bool {
	var e *exit.Error
	return errors.As(err, &e) && e.Code == exit.BadInput
}
