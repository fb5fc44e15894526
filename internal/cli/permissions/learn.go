package permissions

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/labelfile"
	"btadmin/internal/orgview"
	"btadmin/internal/output"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

type learnOptions struct {
	scope, word, on string
	global          bool
	snapshot        string
}

func newLearn(a *app.App) *cobra.Command {
	var opts learnOptions
	cmd := &cobra.Command{
		Use:   "learn GROUP",
		Short: "check the label table against a group that was set up in the web application",
		Long: `Check the label table against a group that was set up in the web application: which of its grants the table explains,
and which it does not.

Which tuples the web application writes is not published, so that some rows of the table are likely or decided, not
certain. To make one certain for your organization: make a group in the web application, tick one permission and nothing
else, save, and say here which one it was. What the group has then is what the word stands for.

--scope is the row of the page: organization, all-projects, project, objects, object or group; --word is the word of
btadmin permissions list. Where the group has grants on several objects of that scope, --on names one.

The correction is kept in the configuration folder, for the profile in use or with --global for all, and holds for every
command from then on. Nothing is sent to the server. On a terminal, without --scope and --word, what was ticked is asked.`,
		Example: `  btadmin permissions learn Settings
  btadmin permissions learn Settings --scope organization --word manage-settings
  btadmin permissions learn Readers --scope project --word read --on project:Chatbot --global
  btadmin permissions learn Settings --snapshot acme.btsnap --json`,
		Args: tree.Args("GROUP"),
		RunE: func(cmd *cobra.Command, args []string) error { return runLearn(cmd.Context(), a, args[0], opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.scope, "scope", "", "the row of the page in which one permission was ticked")
	f.StringVar(&opts.word, "word", "", "the word for the permission that was ticked, alone")
	f.StringVar(&opts.on, "on", "", "look at this object only, such as project:Chatbot")
	f.BoolVar(&opts.global, "global", false, "keep the correction for all profiles")
	f.StringVar(&opts.snapshot, "snapshot", "", "read the group from this file of btadmin snapshot save, without network or key")
	return cmd
}

// check refuses flags that do not go together before anything is read.
func (o learnOptions) check(table access.Table) error {
	if (o.scope == "") != (o.word == "") {
		return exit.BadInputf("--scope and --word go together: what was ticked, and in which row").
			WithHint("btadmin permissions list shows both")
	}
	if o.scope == "" {
		return nil
	}
	var scopes, words []string
	for _, l := range table.Labels() {
		if len(scopes) == 0 || scopes[len(scopes)-1] != string(l.Scope) {
			scopes = append(scopes, string(l.Scope))
		}
		if string(l.Scope) == o.scope {
			words = append(words, l.Word)
		}
	}
	if len(words) == 0 {
		return unknown("scope", o.scope, scopes)
	}
	if _, known := table.Label(access.Scope(o.scope), o.word); !known {
		return unknown("word", o.word, words)
	}
	return nil
}

func unknown(flag, typed string, known []string) error {
	err := exit.BadInputf("--%s %q is none of %s", flag, typed, strings.Join(known, ", "))
	if near := text.Nearest(typed, known); len(near) > 0 {
		return err.WithHint("did you mean %s?", near[0])
	}
	return err
}

func runLearn(ctx context.Context, a *app.App, name string, opts learnOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	table, err := a.Labels()
	if err != nil {
		return err
	}
	if err := opts.check(table); err != nil {
		return err
	}
	l, err := lesson(ctx, a, name, opts)
	if err != nil {
		return err
	}
	l.table = table
	if opts.scope != "" {
		return l.settle(p, access.Scope(opts.scope), opts.word, opts.global)
	}
	rows := l.rows()
	explained := 0
	for _, r := range rows {
		if r.Word != "" {
			explained++
		}
	}
	if err := output.List(p, grantColumns(), rows); err != nil {
		return err
	}
	a.Status.Note("the label table explains %d of the %s of group %s", explained, text.Count(len(rows), "grant"), l.group.Name)
	if !p.Human() || !a.Prompt.CanPrompt() || len(rows) == 0 {
		return nil
	}
	return l.ask(ctx, p, opts.global)
}

// pupil is a group from which the table learns.
type pupil struct {
	app    *app.App
	group  braintrust.Group
	org    string
	items  []braintrust.ACLItem
	names  namer
	source string // for the file
	table  access.Table
}

// namer names what grants are on.
type namer interface {
	Node(n access.Node) string
	Role(id string) string
}

// lesson reads the group and its own grants, live or from a file.
func lesson(ctx context.Context, a *app.App, name string, opts learnOptions) (*pupil, error) {
	l := &pupil{app: a}
	var acls []braintrust.ACL
	if opts.snapshot != "" {
		v, err := a.View(ctx, opts.snapshot, orgview.Options{})
		if err != nil {
			return nil, err
		}
		if l.group, err = v.Resolver().Group(ctx, name); err != nil {
			return nil, err
		}
		acls, l.names, l.org = v.Snapshot.ACLs, v.Names(), v.Snapshot.Organization.Name
		if err := l.keep(ctx, v.Resolver(), acls, opts.on); err != nil {
			return nil, err
		}
		l.source = fmt.Sprintf("group %s of %s, snapshot of %s", l.group.Name, l.org, v.Meta.Taken.Format("2006-01-02"))
		return l, nil
	}
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	r, err := a.Resolver(ctx)
	if err != nil {
		return nil, err
	}
	if l.group, err = r.Group(ctx, name); err != nil {
		return nil, err
	}
	org, err := r.Organization(ctx)
	if err != nil {
		return nil, err
	}
	if acls, err = braintrust.Collect(client.OrgACLs(ctx, braintrust.ACLFilter{GroupID: l.group.ID})); err != nil {
		if braintrust.IsForbidden(err) {
			return nil, exit.New(exit.Auth, fmt.Errorf("list the grants of group %s: %w", l.group.Name, err)).
				WithHint(`that needs "manage access" on the organization`)
		}
		return nil, fmt.Errorf("list the grants of group %s: %w", l.group.Name, err)
	}
	l.org = org.Name
	if err := l.keep(ctx, r, acls, opts.on); err != nil {
		return nil, err
	}
	if l.names, err = r.Names(ctx, l.items); err != nil {
		return nil, err
	}
	l.source = fmt.Sprintf("group %s of %s, %s", l.group.Name, l.org, a.Now().Format("2006-01-02"))
	return l, nil
}

// file is where a correction is kept: the file of the profile in use, or the one for all.
func (l *pupil) file(global bool) (string, error) {
	settings, err := l.app.Settings()
	if err != nil {
		return "", err
	}
	if global {
		return labelfile.Name(""), nil
	}
	return labelfile.Name(settings.Profile()), nil
}
