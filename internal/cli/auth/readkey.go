package auth

import (
	"context"
	"errors"
	"fmt"
	"io"

	"btadmin/internal/app"
	"btadmin/internal/config"
	"btadmin/internal/credentials"
	"btadmin/internal/exit"
	"btadmin/internal/prompt"
	"btadmin/pkg/braintrust"
)

// maxInput bounds what is read from standard input; credentials.ParseKey refuses far less.
const maxInput = 64 << 10

// readKey takes the key from standard input, from the environment or from a hidden prompt.
func readKey(ctx context.Context, a *app.App, settings *config.Settings, opts loginOptions) (braintrust.Secret, error) {
	if opts.tokenStdin {
		raw, err := io.ReadAll(io.LimitReader(a.IO.In, maxInput))
		if err != nil {
			return braintrust.Secret{}, fmt.Errorf("reading the key from standard input: %w", err)
		}
		return parse(string(raw), "standard input")
	}
	if key := settings.EnvironmentKey(); !key.IsZero() {
		a.Status.Note("using the key in BRAINTRUST_API_KEY; unset it to type another")
		return parse(key.Reveal(), "BRAINTRUST_API_KEY")
	}
	if !a.Prompt.CanPrompt() {
		return braintrust.Secret{}, exit.New(exit.BadInput, fmt.Errorf("asking for the key: %w", prompt.ErrCannotPrompt)).
			WithHint("pipe it in: btadmin auth login --token-stdin < FILE, or set BRAINTRUST_API_KEY")
	}
	if err := showPage(ctx, a, settings, opts.noBrowser); err != nil {
		return braintrust.Secret{}, err
	}
	raw, err := a.Prompt.Password("API key or service token")
	if err != nil {
		return braintrust.Secret{}, err
	}
	return parse(raw, "")
}

// showPage opens the page where keys are made, and says where it is in any case. Somebody who listens to the screen is
// asked before another window comes up.
func showPage(ctx context.Context, a *app.App, settings *config.Settings, noBrowser bool) error {
	page := settings.AppURL() + "/app/~/configuration/org/api-keys"
	a.Status.Print("Keys are made at %s", page)
	a.Status.Print("Service tokens, which can mint tokens, are made at .../service-tokens.")
	if noBrowser || !a.CanBrowse() {
		return nil
	}
	if a.IO.Accessible {
		if yes, err := a.Prompt.WithContext(ctx).Confirm("Open the page in the browser?", true); err != nil || !yes {
			return err
		}
	}
	if err := a.Browse(ctx, page); err != nil {
		a.Status.Warn("no browser could be started: %v", err)
		return nil
	}
	a.Status.Print("The page is opened in the browser. Make a key there and paste it here.")
	return nil
}

func parse(raw, from string) (braintrust.Secret, error) {
	key, err := credentials.ParseKey(raw)
	var coded *exit.Error
	if from != "" && errors.As(err, &coded) {
		return key, exit.Newf(coded.Code, "reading %s: %w", from, coded.Err)
	}
	return key, err
}
