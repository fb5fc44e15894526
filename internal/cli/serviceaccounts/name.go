package serviceaccounts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/accounts"
	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
)

// nameOf is the name of the new account: the argument, or what a person answers.
func nameOf(ctx context.Context, a *app.App, args []string) (string, error) {
	if len(args) > 0 {
		return args[0], checkName(args[0])
	}
	if !a.Prompt.CanPrompt() {
		return "", exit.BadInputf("missing argument NAME").WithHint("usage: btadmin service-accounts create NAME [flags]")
	}
	return a.Prompt.WithContext(ctx).Input("Name", "", checkName)
}

// checkName refuses what could not be told from other ways to name an account.
func checkName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return exit.New(exit.BadInput, errors.New("the service account needs a name"))
	case resolve.IsUUID(name), strings.Contains(name, "@"):
		return exit.BadInputf("%q looks like an id or an e-mail, and not like the name of a service account", name)
	}
	return nil
}

// refuseNamesake makes the name of an account mean one account: the server would make another.
func refuseNamesake(ctx context.Context, r *resolve.Resolver, name string) error {
	same, err := accounts.Namesakes(ctx, r, name)
	if err != nil || len(same) == 0 {
		return err
	}
	return exit.New(exit.Failure, fmt.Errorf("service account %q already exists (%s) and was not changed", name, same[0].User.ID)).
		WithHint("a further token for it: %s; further groups: btadmin groups members add GROUP %s",
			text.ShellLine("btadmin", "service-tokens", "create", name), text.ShellWord("sa:"+name))
}
