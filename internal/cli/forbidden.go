package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/pkg/braintrust"
)

// uuid finds ids in what a server says.
var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// inNames says what the ids in a refusal are called, from what this run has looked up anyway: a server speaks of
// "group 2f0c..." to somebody who typed QA. It is "" where nothing is known.
func inNames(a *app.App, err error) string {
	var api *braintrust.APIError
	if !errors.As(err, &api) || !(braintrust.IsForbidden(err) || strings.Contains(api.Message, "do not have access")) {
		return ""
	}
	seen, ok := a.SeenNames()
	if !ok {
		return ""
	}
	var known []string
	for _, id := range uuid.FindAllString(api.Path+" "+api.Message, -1) {
		name := seen.Anything(id)
		if line := fmt.Sprintf("%s is %q", id, name); name != "" && !slices.Contains(known, line) {
			known = append(known, line)
		}
	}
	if len(known) == 0 {
		return ""
	}
	return strings.Join(known, "; ") + "; btadmin access list me shows what your key may do"
}
