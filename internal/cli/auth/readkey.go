package auth

import (
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
func readKey(a *app.App, settings *config.Settings, stdin bool) (braintrust.Secret, error) {
	if stdin {
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
	a.Status.Print("Keys are made at %s/app/~/configuration/org/api-keys, service tokens at .../service-tokens.", settings.AppURL())
	raw, err := a.Prompt.Password("API key or service token")
	if err != nil {
		return braintrust.Secret{}, err
	}
	return parse(raw, "")
}

func parse(raw, from string) (braintrust.Secret, error) {
	key, err := credentials.ParseKey(raw)
	var coded *exit.Error
	if from != "" && errors.As(err, &coded) {
		return key, exit.Newf(coded.Code, "reading %s: %w", from, coded.Err)
	}
	return key, err
}
