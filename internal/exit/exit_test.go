package exit_test

import (
	"errors"
	"fmt"
	"testing"

	"btadmin/internal/exit"
)

func TestWorst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		codes []exit.Code
		want  exit.Code
	}{
		{nil, exit.OK},
		{[]exit.Code{exit.OK}, exit.OK},
		{[]exit.Code{exit.Failure, exit.BadInput, exit.Network}, exit.Network},
		{[]exit.Code{exit.Auth, exit.Refused}, exit.Refused},
		{[]exit.Code{exit.Refused, exit.Partial, exit.Failure}, exit.Partial},
	} {
		if got := exit.Worst(tt.codes...); got != tt.want {
			t.Errorf("Worst(%v) = %d, want %d", tt.codes, got, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := fmt.Errorf("outer: %w", exit.New(exit.Auth, cause).WithHint("log in as %s", "ana"))
	var coded *exit.Error
	if !errors.As(err, &coded) || coded.Code != exit.Auth || coded.Hint != "log in as ana" || !errors.Is(err, cause) {
		t.Errorf("%+v", coded)
	}
	if exit.IsSilent(err) || !exit.IsSilent(exit.Silent(exit.No)) {
		t.Error("IsSilent")
	}
}
