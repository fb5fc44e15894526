package acl

import (
	"errors"
	"strings"

	"btadmin/internal/exit"
)

// mostMistakes is how many are named; more would hide the first.
const mostMistakes = 10

// several joins mistakes into one error that says how many of what are wrong; nil when none is.
func several(what string, mistakes []error) error {
	var messages []string
	var hint string
	for _, err := range mistakes {
		if err == nil {
			continue
		}
		messages = append(messages, err.Error())
		var e *exit.Error
		if hint == "" && errors.As(err, &e) {
			hint = e.Hint
		}
	}
	count := len(messages)
	if count == 0 {
		return nil
	}
	if count > mostMistakes {
		messages = append(messages[:mostMistakes], "...")
	}
	bad := exit.BadInputf("%s", messages[0])
	if len(mistakes) > 1 {
		bad = exit.BadInputf("%d of %d %s are wrong, nothing was sent: %s", count, len(mistakes), what, strings.Join(messages, "; "))
	}
	if hint != "" {
		return bad.WithHint("%s", hint)
	}
	return bad
}

func isBadInput(err error) bool {
	var e *exit.Error
	return errors.As(err, &e) && e.Code == exit.BadInput
}
