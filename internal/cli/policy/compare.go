package policy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/exit"
	"btadmin/internal/orgview"
	"btadmin/internal/policy"
	"btadmin/internal/policy/assert"
	"btadmin/internal/policy/reconcile"
	"btadmin/internal/policy/sink"
	"btadmin/internal/policy/source"
	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
	"btadmin/internal/tokensink"
	"btadmin/pkg/braintrust"
)

// compared is a policy beside the organization as it is.
type compared struct {
	policy *policy.Policy
	view   *orgview.View
	result *reconcile.Result
}

// compare reads a policy with its identity sources, then the organization, and says how they differ. Nothing is read
// of an organization that the policy is not for.
func compare(ctx context.Context, a *app.App, paths []string) (*compared, error) {
	return compareFor(ctx, a, paths, reconcile.Options{})
}

// compareFor is compare with options of its own; the rest of them is filled in.
func compareFor(ctx context.Context, a *app.App, paths []string, o reconcile.Options) (*compared, error) {
	p, err := load(a, paths)
	if err != nil {
		return nil, err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	if err := rightOrganization(ctx, a, p); err != nil {
		return nil, err
	}
	if err := source.Resolve(ctx, p.Desired); err != nil {
		return nil, err
	}
	view, err := wholeView(ctx, a)
	if err != nil {
		return nil, err
	}
	assert.Prepare(ctx, p.Desired, view)
	o.Now, o.Source, o.OrgName = a.Now(), named(paths, p.Files), client.OrgName()
	o.Sink, o.Stored = func(where sink.Spec) change.Sink { return newSink(a, where) }, sink.Spec.Stored
	o.Lost = func(tokens []braintrust.ServiceToken) map[string]change.Loss { return lost(ctx, a, tokens) }
	result, err := reconcile.Compare(ctx, p.Desired, view, o)
	if err != nil {
		var invalid *syntax.InvalidError
		if errors.As(err, &invalid) {
			err = exit.New(exit.BadInput, err)
		}
		return nil, err
	}
	return &compared{policy: p, view: view, result: result}, nil
}

// named is how messages call a policy: by what was typed, because a folder has a file for each group.
func named(paths, files []string) string {
	if len(paths) == 0 {
		return strings.Join(files, ", ")
	}
	return strings.Join(paths, ", ")
}

// lost asks the journal of this organization which tokens nobody has the secret of. Without a journal nothing is known of
// that, as on another machine.
func lost(ctx context.Context, a *app.App, tokens []braintrust.ServiceToken) map[string]change.Loss {
	dir, err := a.JournalDir(ctx)
	if err != nil {
		return nil
	}
	deliveries, err := change.ReadDeliveries(dir)
	if err != nil {
		a.Status.Warn("whether every token was handed over is not known: %v", err)
		return nil
	}
	return deliveries.Lost(tokens)
}

// wholeView reads the organization. What cannot be read as a whole is not judged (G16): what is not listed would look
// as if it were not there.
func wholeView(ctx context.Context, a *app.App) (*orgview.View, error) {
	view, err := a.View(ctx, "", orgview.Options{})
	if err != nil {
		return nil, err
	}
	if !view.Meta.AllGrants() {
		return nil, &change.GuardError{Findings: []change.Finding{{Guard: "G16", Message: "a policy cannot be compared, because this key may not " +
			"list all grants of the organization: what it does not see would look as if it were not there"}}}
	}
	return view, nil
}

// rightOrganization is G14, before anything is read.
func rightOrganization(ctx context.Context, a *app.App, p *policy.Policy) error {
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return err
	}
	if want := p.Desired.Org.Value; want != org.Name && want != org.ID {
		return &change.GuardError{Findings: []change.Finding{{Guard: "G14", Message: fmt.Sprintf(
			"%s is for the organization %s, and this key acts in %s", p.Desired.Org.At, text.Visible(want), org.Name)}}}
	}
	return nil
}

// newSink opens the place of a new token. The secret is known to the redactor, and masked in GitHub Actions, before
// anything can print it (A10).
func newSink(a *app.App, where sink.Spec) *sink.Sink {
	return sink.New(where, func(secret braintrust.Secret) error {
		a.Remember(secret)
		return tokensink.Mask(a.IO, secret.Reveal())
	})
}
