// Package tour holds `btadmin sandbox tour`: the main job on the embedded organization, with the real
// commands, each printed before its output so that it can be copied.
package tour

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
	"btadmin/internal/text"
)

// Run executes one command line on its own streams and returns its exit code.
type Run func(ctx context.Context, streams *iostreams.Streams, args []string) exit.Code

// New makes the command.
func New(a *app.App, run Run) *cobra.Command {
	return &cobra.Command{
		Use:   "tour",
		Short: "see the main job done on the embedded organization",
		Long: `Do the main job on the embedded organization: create a group with permissions, grant more, add members, hand
the group's administration on, make a service account with a token, use the token, be refused, ask why, and
list ACLs as JSON.

Every command is printed before its output and can be repeated by hand. Nothing leaves this machine. What the
tour made stays in the sandbox; btadmin sandbox reset --yes restores it.`,
		Example: `  btadmin sandbox tour
  btadmin sandbox tour | less`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			t := &tour{app: a, run: run}
			return t.walk(cmd.Context())
		},
	}
}

// tour is one walk. The first problem ends it: a tour that goes on after one would explain nothing.
type tour struct {
	app *app.App
	run Run
	key string // BRAINTRUST_API_KEY of the commands, "" for the sandbox's owner
	err error
}

func (t *tour) walk(ctx context.Context) error {
	name, bot, err := t.freeNames(ctx)
	if err != nil {
		return err
	}
	for _, stop := range stops(name, bot) {
		if t.err == nil {
			t.say(stop.title)
			stop.do(t, ctx)
		}
	}
	if t.err != nil {
		return t.err
	}
	return t.farewell(name)
}

// stop is one station: what is shown and the commands that show it.
type stop struct {
	title string
	do    func(*tour, context.Context)
}

func stops(group, bot string) []stop {
	cmd := func(args ...string) func(*tour, context.Context) {
		return func(t *tour, ctx context.Context) { t.command(ctx, exit.OK, args...) }
	}
	return []stop{
		{
			"A permission group with a member, organization permissions, all projects and one project, in one command.",
			cmd("groups", "create", group, "-d", "Quality assurance", "--member", "bo@acme.example.com",
				"--organization", "read-audit-logs", "--all-projects", "read", "--project", "Chatbot=read,create"),
		},
		{"More on one project, and on two kinds of object in it.", func(t *tour, ctx context.Context) {
			t.command(ctx, exit.OK, "groups", "grant", group, "--project", "Search", "--allow", "read,update")
			t.command(ctx, exit.OK, "groups", "grant", group, "--project", "Search", "--objects", "datasets,scorers", "--allow", "create")
			t.command(ctx, exit.OK, "groups", "permissions", group)
		}},
		{"Members: people, a service account, and the users of another group.", func(t *tour, ctx context.Context) {
			t.command(ctx, exit.OK, "groups", "members", "add", group, "fatima@acme.example.com", "sa:ci-evals", "group:Evaluators")
			t.command(ctx, exit.OK, "groups", "members", group)
		}},
		{"Somebody else administers the group from now on.", func(t *tour, ctx context.Context) {
			t.command(ctx, exit.OK, "groups", "access", "grant", group, "--to", "dana@acme.example.com", "--allow", "read,update,manage-access")
			t.command(ctx, exit.OK, "groups", "access", group)
		}},
		{"A service account that may read one project, with a token that is shown once.", func(t *tour, ctx context.Context) {
			t.token(ctx, "service-tokens", "create", bot, "--project", "Chatbot=read")
		}},
		{"The token at work: it sees one project.", func(t *tour, ctx context.Context) {
			t.command(ctx, exit.OK, "projects", "list")
		}},
		{"It may not create a group. The exit code is 2.", func(t *tour, ctx context.Context) {
			t.command(ctx, exit.Auth, "groups", "create", "Mine")
		}},
		{"Why? Asked as the owner again; \"no\" is exit code 6.", func(t *tour, ctx context.Context) {
			t.key = ""
			t.command(ctx, exit.No, "access", "explain", "sa:"+bot, "update", "project:Chatbot")
			t.command(ctx, exit.OK, "access", "explain", "fatima@acme.example.com", "update", "project:Search")
		}},
		{"The grants of the group as JSON, for scripts.", func(t *tour, ctx context.Context) {
			t.command(ctx, exit.OK, "acl", "list", "--principal", "group:"+group, "--json")
		}},
	}
}

// say prints a heading to standard error: the commands and their output are the data.
func (t *tour) say(title string) { t.app.Status.Print("\n# %s", title) }

// command prints a command line and runs it. want is the exit code that belongs to the story.
func (t *tour) command(ctx context.Context, want exit.Code, args ...string) {
	if t.err != nil {
		return
	}
	t.print("", args)
	t.expect(t.run(ctx, t.streams(t.app.IO.Out), t.sandbox(args)), want, args)
}

// token runs a command whose output is a secret, as a script would: it is kept, and shown masked.
func (t *tour) token(ctx context.Context, args ...string) {
	if t.err != nil {
		return
	}
	t.print("TOKEN=$(", args)
	var out bytes.Buffer
	t.expect(t.run(ctx, t.streams(&out), t.sandbox(args)), exit.OK, args)
	t.key = strings.TrimSpace(out.String())
	if t.err == nil && t.key == "" {
		t.err = errors.New("the tour got no token")
	}
}

func (t *tour) expect(got, want exit.Code, args []string) {
	if got != want {
		t.err = exit.Newf(got, "the tour ends here: btadmin %s ended with exit code %d instead of %d", text.ShellLine(args...), got, want).
			WithHint("btadmin sandbox reset --yes restores the sandbox")
	}
}

// print writes the command line as it would be typed.
func (t *tour) print(prefix string, args []string) {
	line := "btadmin " + text.ShellLine(t.sandbox(args)...)
	switch {
	case prefix != "":
		line = prefix + line + ")"
	case t.key != "":
		line = "BRAINTRUST_API_KEY=$TOKEN " + line
	}
	if _, err := io.WriteString(t.app.IO.Out, "$ "+line+"\n"); err != nil && t.err == nil {
		t.err = err
	}
}

func (t *tour) sandbox(args []string) []string {
	return append(args[:len(args):len(args)], "--sandbox")
}

// streams are those of the tour, without anybody to ask, and with the key of the story.
func (t *tour) streams(out io.Writer) *iostreams.Streams {
	s := *t.app.IO
	s.NoInput, s.InTTY = true, false
	if out != t.app.IO.Out {
		s.Out, s.OutFile, s.OutTTY = out, nil, false
	}
	env := t.app.IO.Env
	s.Env = func(name string) string {
		if strings.HasPrefix(name, "BRAINTRUST_") {
			if name == "BRAINTRUST_API_KEY" {
				return t.key
			}
			return "" // the tour is about the sandbox, whatever else is configured
		}
		return env(name)
	}
	return &s
}

// freeNames finds names that no earlier tour has taken.
func (t *tour) freeNames(ctx context.Context) (group, bot string, err error) {
	var out bytes.Buffer
	args := []string{"groups", "list", "--sandbox", "--jq", ".[].name"}
	if code := t.run(ctx, t.streams(&out), args); code != exit.OK {
		return "", "", exit.Silent(code) // said already
	}
	taken := "\n" + out.String()
	for n := 1; ; n++ {
		group, bot = "QA", "qa-bot"
		if n > 1 {
			group, bot = fmt.Sprintf("QA %d", n), fmt.Sprintf("qa-bot-%d", n)
		}
		if !strings.Contains(taken, "\n"+group+"\n") {
			return group, bot, nil
		}
	}
}

func (t *tour) farewell(group string) error {
	dir, err := t.app.SandboxDir()
	if err != nil {
		return err
	}
	t.app.Status.Print("\n# That was the main job. The organization is in %s and stays as it is now.", dir)
	t.app.Status.Print("Go on with --sandbox after any command, or BTADMIN_SANDBOX=1 before all of them:")
	t.app.Status.Print("  btadmin groups view %q --sandbox", group)
	t.app.Status.Print("  btadmin sandbox serve --tls        the same organization as an HTTP API")
	t.app.Status.Print("  btadmin sandbox reset --yes        back to the start")
	t.app.Status.Print("  btadmin auth login                 your own organization")
	return nil
}
