package batch

import (
	"errors"
	"io"
	"slices"
)

// Targets are the things that a command line names: its arguments, or, when the only argument is "-", the ids
// that standard input has. None at all is an error, so that an empty list is never taken for more than nothing.
func Targets(args []string, stdin io.Reader) (targets []string, piped bool, err error) {
	if !slices.Contains(args, "-") {
		return args, false, nil
	}
	if len(args) > 1 {
		return nil, true, errors.New(`"-" stands for the ids on standard input and goes alone`)
	}
	ids, err := IDs(stdin)
	if err != nil {
		return nil, true, err
	}
	if len(ids) == 0 {
		return nil, true, errors.New("standard input has no ids")
	}
	return ids, true, nil
}
