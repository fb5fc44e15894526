package servicetokens

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/tokensink"
)

type rotateOptions struct {
	sink tokensink.Options
	wait func(context.Context, time.Duration) error // between attempts to use the new token; nil: waits
}

func newRotate(a *app.App) *cobra.Command {
	var opts rotateOptions
	cmd := &cobra.Command{
		Use:   "rotate TOKEN|ACCOUNT",
		Short: "replace a service token by a new one that has been tried",
		Long: `Replace a service token: mint a new one of the same name for the same account, hand it over (as create does),
log in with it, and only then delete the old one. If the new token does not work, the old one stays and the
exit code is 5.

The old token is deleted at once: what uses it must get the new one from here. To have both for a while,
use create, install the new token, and delete the old one by its id.

Rotating the token that btadmin itself uses is refused by guard G3, because the next command would have no
key; --override G3 does it, and then the new token has to be stored: pipe it to btadmin auth login
--token-stdin. The key of the embedded sandbox is stored by itself.`,
		Example: `  NEW=$(btadmin service-tokens rotate ci --yes)
  btadmin service-tokens rotate reporter/nightly --env-file .env --env-name BRAINTRUST_API_KEY --overwrite --yes
  btadmin service-tokens rotate admin --yes --override G3 --reason "yearly rotation" | btadmin auth login --token-stdin`,
		Args: tree.Args("TOKEN"),
		RunE: func(cmd *cobra.Command, args []string) error { return runRotate(cmd.Context(), a, args[0], opts) },
	}
	opts.sink.Bind(cmd.Flags())
	return cmd
}

func runRotate(ctx context.Context, a *app.App, typed string, opts rotateOptions) error {
	m, err := openMinter(ctx, a, opts.sink)
	if err != nil {
		return err
	}
	old, err := tokenToRotate(ctx, m.resolver, m.known, typed)
	if err != nil {
		return err
	}
	m.step = &change.MintToken{AccountID: old.ServiceAccountID, Account: old.ServiceAccountName, Name: old.Name}
	m.result = func(key string) minted {
		return minted{row: rowOf(m.step.Out), ReplacedID: old.ID, Key: key}
	}
	sink, err := m.sink(opts.sink)
	if err != nil {
		return err
	}
	defer sink.Close()
	trial := &trial{Sink: sink, minter: m, ctx: ctx, old: old, wait: opts.wait}
	m.step.Sink = trial
	// One plan, so that the guards have judged the deletion before anything is minted. The trial is part of
	// handing the new secret over: while it fails, the deletion is never reached.
	done, err := a.Mutate(ctx, app.Change{
		Steps: []change.Step{m.step, &change.DeleteToken{Token: old}}, Title: "Rotating service token " + old.Name,
		Question: fmt.Sprintf("Replace service token %s of %s? What still uses the old one stops working.", old.Name, old.ServiceAccountName),
	})
	if err != nil {
		err = m.rotationError(ctx, err, trial)
	}
	if err != nil || (done == nil && !trial.passed) {
		return err
	}
	a.Status.Done("Rotated service token %s of %s: %s is new, %s is deleted", old.Name, old.ServiceAccountName, m.step.Out.ID, old.ID)
	switch {
	case trial.kept:
		a.Status.Note("the sandbox's own token was replaced; --sandbox uses the new one from now on")
	case m.caller.CredentialID == old.ID:
		a.Status.Hint("btadmin was using the deleted token: store the new one with btadmin auth login --token-stdin")
	}
	return m.print(sink)
}

// rotationError says how far a rotation came. It is nil when the old token turns out to be gone: a token
// that deletes itself cannot be asked what became of it, but the new one can.
func (m *minter) rotationError(ctx context.Context, err error, t *trial) error {
	err = m.explain(ctx, err)
	var partial *change.PartialError
	if !errors.As(err, &partial) {
		return err
	}
	var failed *trialError
	out := *partial
	switch {
	case errors.As(err, &failed):
		out.Err = fmt.Errorf("the new token %s was made and handed over, but it does not work: %w; the old token %s stays", m.step.Out.ID, failed.err, t.old.ID)
		out.Advice = "try the new token; then delete one of the two: btadmin service-tokens delete " + m.step.Out.ID + " or " + t.old.ID
		return &out
	case t.passed:
		if t.oldIsGone(context.WithoutCancel(ctx)) {
			return nil
		}
		out.Err = fmt.Errorf("the new token %s is handed over and works, but the old token %s could not be deleted: %w", m.step.Out.ID, t.old.ID, partial.Err)
		out.Advice = "delete it: btadmin service-tokens delete " + t.old.ID + " --yes"
		return &out
	}
	return err
}
