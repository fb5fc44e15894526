package groups

import (
	"context"
	"errors"
	"slices"
	"strings"

	"btadmin/internal/app"
	"btadmin/internal/ask"
	"btadmin/internal/change"
	"btadmin/internal/prompt"
	"btadmin/internal/resolve"
	"btadmin/pkg/braintrust"
)

// askCreate is the "Create permission group" page as prompts: name, description, members, and the four
// kinds of permission.
func askCreate(ctx context.Context, a *app.App, name string) (string, createOptions, error) {
	var opts createOptions
	p := a.Prompt.WithContext(ctx)
	var err error
	if name == "" {
		if name, err = p.Input("Name", "", notEmpty); err != nil {
			return "", opts, err
		}
	}
	if opts.description, err = p.Input("Description (optional)", "", nil); err != nil {
		return "", opts, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return "", opts, err
	}
	choices, err := candidates(ctx, r, nil)
	if err != nil {
		return "", opts, err
	}
	if opts.members, err = askMembers(ctx, p, r, choices); err != nil {
		return "", opts, err
	}
	opts.grants, err = ask.Grants(ctx, p, r)
	return name, opts, err
}

func notEmpty(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("a name is needed")
	}
	return nil
}

// candidates are everybody who can be in a group: people, service accounts, and groups, whose users are in it
// then. Who is in group, which may be nil, is ticked; a group is no candidate for itself.
func candidates(ctx context.Context, r *resolve.Resolver, group *braintrust.Group) ([]ask.Choice, error) {
	choices, err := ask.Members(ctx, r)
	if err != nil {
		return nil, err
	}
	nested, err := ask.Groups(ctx, r)
	if err != nil {
		return nil, err
	}
	choices = append(choices, nested...)
	if group == nil {
		return choices, nil
	}
	in := map[string]bool{}
	for _, id := range group.MemberUsers {
		in["user:"+id] = true
	}
	for _, id := range group.MemberGroups {
		in["group:"+id] = true
	}
	for i, c := range choices {
		choices[i].Ticked = in[c.Ref]
	}
	return slices.DeleteFunc(choices, func(c ask.Choice) bool { return c.Ref == "group:"+group.ID && !c.Ticked }), nil
}

// askMembers offers candidates; where there are too many for a list, names are typed.
func askMembers(ctx context.Context, p *prompt.Prompter, r *resolve.Resolver, choices []ask.Choice) ([]string, error) {
	return ask.Several(p, "Members", "Members: e-mails, sa:NAME or group:NAME, separated by commas (optional)", choices,
		func(ref string) error {
			_, err := resolveMembers(ctx, r, []string{ref})
			return err
		})
}

// confirmPreview shows what will be sent and asks once. A dry run shows it anyway, and sends nothing.
func confirmPreview(ctx context.Context, a *app.App, steps []change.Step) error {
	if a.Flags.DryRun || a.Flags.Yes {
		return nil
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return err
	}
	a.Status.Print("This will be sent:")
	for _, step := range steps {
		for _, line := range step.Lines(r.Seen()) {
			a.Status.Print("  %s", line.String())
		}
	}
	yes, err := a.Prompt.WithContext(ctx).Confirm("Go on?", true)
	if err != nil {
		return err
	}
	if !yes {
		return app.ErrDeclined
	}
	return nil
}
