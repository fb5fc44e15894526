// Package api holds `btadmin api`: any endpoint, authenticated.
package api

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/pkg/braintrust"
)

type options struct {
	raw      []string // -f
	typed    []string // -F
	input    string
	paginate bool
}

// New makes `btadmin api`.
func New(a *app.App) *cobra.Command {
	var opts options
	cmd := &cobra.Command{
		Use:   "api METHOD PATH",
		Short: "send any request to the API, authenticated",
		Long: `Send any request to the API and print the body of the answer. Reading requests are sent as they are. All
others are written to the journal and obey --dry-run, but nothing is asked and no guard looks at them: prefer
the commands made for the purpose.

-f key=value adds a text and -F key=value a JSON value (true, 12, null, {"a":1}, ["a"]; anything else is a
text): to the query of GET, to the JSON body of other methods. key[inner]=value nests, key[]=value appends to
a list. --input sends a file as the body instead.

With --paginate a list is read to its end and printed as one document. An answer that says no is printed too,
and the exit code tells what kind it is.`,
		Example: `  btadmin api GET /v1/group -f group_name=QA
  btadmin api GET /v1/experiment --paginate --jq '.objects[].name'
  btadmin api POST /v1/project -f name=Scratch --dry-run
  btadmin api PATCH /v1/group/ID -F 'add_member_users=["USER-ID"]'
  echo '{"name":"Scratch"}' | btadmin api POST /v1/project --input -`,
		Args: tree.Args("METHOD", "PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), a, args[0], args[1], opts)
		},
	}
	fs := cmd.Flags()
	fs.StringArrayVarP(&opts.raw, "raw-field", "f", nil, "add a text parameter, as key=value (repeatable)")
	fs.StringArrayVarP(&opts.typed, "field", "F", nil, "add a JSON parameter, as key=value (repeatable)")
	fs.StringVar(&opts.input, "input", "", "send this file as the body, - is standard input")
	fs.BoolVar(&opts.paginate, "paginate", false, "read a list to its end")
	return cmd
}

func run(ctx context.Context, a *app.App, method, path string, opts options) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	r, err := build(a.IO.In, method, path, opts)
	if err != nil {
		return err
	}
	client, err := a.Client(ctx)
	if err != nil {
		return err
	}
	if !r.reads() {
		return send(ctx, a, r)
	}
	var response *braintrust.Response
	if opts.paginate {
		response, err = readAll(ctx, client, r)
	} else {
		response, err = client.Do(ctx, r.method, r.path, r.query, r.body)
	}
	return show(a, p, response, err)
}

// send takes a request that may change something down the road of all changes.
func send(ctx context.Context, a *app.App, r request) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	step := &change.RawRequest{Method: r.method, Path: r.path, Query: r.query, Body: r.body}
	result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{step}, Asked: true, Title: "Sending"})
	if err == nil && result == nil {
		return nil // a dry run
	}
	return show(a, p, step.Out, err)
}

// reads reports whether the request changes nothing by its method.
func (r request) reads() bool {
	return r.method == http.MethodGet || r.method == http.MethodHead || r.method == http.MethodOptions
}
