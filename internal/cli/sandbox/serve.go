package sandbox

import (
	"context"
	"errors"
	"net"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/sandbox"
	"btadmin/internal/text"
)

type serveOptions struct {
	place   place
	listen  string
	tls     bool
	plan    string
	options sandbox.Options
}

// servingDocument is what serve prints once, when connections are accepted.
type servingDocument struct {
	URL     string `json:"url"`
	AppURL  string `json:"app_url"`
	CAFile  string `json:"ca_file"`
	Key     string `json:"key"`
	OrgID   string `json:"org_id"`
	OrgName string `json:"org_name"`
	Plan    string `json:"plan"`
	Seed    string `json:"seed"`
	Dir     string `json:"dir"`
}

func newServe(a *app.App) *cobra.Command {
	var opts serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "serve the embedded organization over HTTP",
		Long: `Serve the embedded organization over HTTP, for other programs that speak the API and for tests of your
own automation. It is the organization that --sandbox uses, unless --dir names another folder. Ctrl-C ends it.

When connections are accepted, the settings that clients need are printed, ready for eval in a shell; with
--json as one document. With --tls the certificate is signed by an authority made for it, whose file clients
must trust: BRAINTRUST_CA_CERT for btadmin, NODE_EXTRA_CA_CERTS for Node, SSL_CERT_FILE for many others.

Beyond loopback a fresh key is made for every start, and keys given when seeding are refused.

Faults are drawn from --fault-seed in the order of the requests, so that a run can be repeated exactly.`,
		Example: `  btadmin sandbox serve
  btadmin sandbox serve --listen 127.0.0.1:8787 --tls --json
  btadmin sandbox serve --fail-rate 0.1 --drop-after-commit 0.05 --fault-seed 7 --dir ./sandbox`,
		Args: tree.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.options.Plan = sandbox.Plan(opts.plan)
			return runServe(cmd.Context(), a, opts)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.listen, "listen", sandbox.DefaultListen, "address and port; port 0 is a free one")
	fs.BoolVar(&opts.tls, "tls", false, "serve https with a certificate made for it")
	fs.StringVar(&opts.plan, "plan", "", "act as on this plan: starter, pro or enterprise (default: as seeded)")
	fs.BoolVar(&opts.options.NoCreatorGrants, "no-creator-grants", false, "give creators no owner grant on what they make")
	opts.place.bind(cmd)
	bindFaults(cmd, &opts.options.Faults)
	return cmd
}

func runServe(ctx context.Context, a *app.App, opts serveOptions) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	if a.Flags.DryRun {
		return exit.BadInputf("sandbox serve has no --dry-run: what it does is up to its clients")
	}
	if err := checkOptions(opts.options); err != nil {
		return err
	}
	server, err := opts.place.open(a, opts.options)
	if err != nil {
		return err
	}
	a.OnClose(server)
	key, err := opts.place.key(a)
	if err != nil {
		return err
	}
	a.Remember(key)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var printed error
	err = server.Serve(ctx, sandbox.ServeOptions{Listen: opts.listen, TLS: opts.tls, Ready: func(info sandbox.ServingInfo) {
		if info.Key == "" {
			info.Key = key.Reveal()
		} else {
			a.Status.Warn("%s can be reached by others: whoever has this key is an owner", info.Addr)
		}
		if printed = announce(a, p, opts, server.Status(), info); printed != nil {
			stop(printed)
		}
	}})
	if printed != nil {
		return printed
	}
	if listening := (*net.OpError)(nil); errors.As(err, &listening) && listening.Op == "listen" {
		return exit.New(exit.Failure, err).WithHint("--listen 127.0.0.1:0 takes a free port and prints it")
	}
	if err != nil {
		return err
	}
	counts := server.Counts()
	a.Status.Done("Stopped after %d reads and %d writes", counts.Reads, counts.Writes)
	return nil
}

func announce(a *app.App, p *output.Printer, opts serveOptions, st sandbox.Status, info sandbox.ServingInfo) error {
	doc := servingDocument{
		URL: info.URL, AppURL: info.URL, CAFile: info.CAFile, Key: info.Key,
		OrgID: st.OrgID, OrgName: st.OrgName, Plan: string(st.Plan), Seed: string(st.Seed), Dir: st.Dir,
	}
	a.Status.Done("Serving the sandbox %s (%s plan) at %s; Ctrl-C ends it", doc.OrgName, doc.Plan, doc.URL)
	if faults := describeFaults(opts.options.Faults); faults != "" {
		a.Status.Note("with faults: %s", faults)
	}
	if !p.Human() {
		return output.Value(p, doc)
	}
	a.Status.Hint("in another shell:")
	lines := []string{
		export("BRAINTRUST_API_URL", doc.URL),
		export("BRAINTRUST_APP_URL", doc.AppURL),
		export("BRAINTRUST_API_KEY", doc.Key),
	}
	if doc.CAFile != "" {
		lines = append(lines, export("BRAINTRUST_CA_CERT", doc.CAFile))
	}
	return output.Lines(p, lines...)
}

// export is a shell line that sets a variable for the programs started after it.
func export(name, value string) string {
	return "export " + name + "=" + text.ShellWord(value)
}
