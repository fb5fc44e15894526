package accounts

import (
	"context"
	"strings"

	"btadmin/internal/ask"
	"btadmin/internal/prompt"
	"btadmin/internal/resolve"
)

// Empty reports whether no flag was given.
func (o *Options) Empty() bool { return len(o.Groups) == 0 && o.Grants.Empty() }

// Ask asks for what the flags would say: the groups, and grants of the account's own.
func (o *Options) Ask(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver) error {
	groups, err := ask.Groups(ctx, r)
	if err != nil {
		return err
	}
	chosen, err := ask.Several(p, "Groups", "Groups, separated by commas (optional)", groups, func(name string) error {
		_, err := r.Group(ctx, name)
		return err
	})
	if err != nil {
		return err
	}
	for _, ref := range chosen {
		o.Groups = append(o.Groups, strings.TrimPrefix(ref, "group:"))
	}
	o.Grants, err = ask.Grants(ctx, p, r)
	return err
}
