package acl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"btadmin/internal/exit"
)

// mostMistakes is how many are named; more would hide the first.
const mostMistakes = 10

// several joins mistakes into one error that says how many of what are wrong; nil when none is.
func several(what string, mistakes []error) error {
	wrong := slices.DeleteFunc(slices.Clone(mistakes), func(err error) bool { return err == nil })
	switch {
	case len(wrong) == 0:
		return nil
	case len(mistakes) == 1:
		return wrong[0]
	}
	var messages []string
	for _, err := range wrong[:min(len(wrong), mostMistakes)] {
		messages = append(messages, withAdvice(err))
	}
	if more := len(wrong) - len(messages); more > 0 {
		messages = append(messages, fmt.Sprintf("and %d more", more))
	}
	return exit.BadInputf("%d of %d %s are wrong, nothing was sent: %s", len(wrong), len(mistakes), what, strings.Join(messages, "; "))
}

// withAdvice is a mistake with its hint, which would say nothing alone when there are several.
func withAdvice(err error) string {
	var e *exit.Error
	if errors.As(err, &e) && e.Hint != "" {
		return fmt.Sprintf("%v (%s)", err, e.Hint)
	}
	return err.Error()
}

func isBadInput(err error) bool {
	var e *exit.Error
	return errors.As(err, &e) && e.Code == exit.BadInput
}
