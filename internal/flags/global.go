// Package flags holds the groups of flags that several commands share: the global ones, the words of
// the permission page, and files of rows.
package flags

import (
	"time"

	"github.com/spf13/pflag"
)

// Global holds the values of the flags that every command has.
type Global struct {
	Profile, Org          string
	Sandbox               bool
	SandboxByEnvironment  bool // Sandbox is from BTADMIN_SANDBOX, not from the command line
	JSON                  bool
	JQ                    string
	Fields                []string
	Output                string
	CSVRaw                bool
	DryRun, Yes, NoInput  bool
	Quiet, Debug, NoColor bool
	Timeout               time.Duration
	CACert, APIURL        string
	AppURL                string
	Parallelism           int
	Confirm               []string
	ConfirmCount          int
	ApproveSuperuser      string
	ApproveExposure       string
	MaxRemovals           []string
	Override, Reason      string
}

// Bind registers the global flags. Their defaults are zero: the real defaults live in internal/config,
// which also reads the environment and the profile.
func (g *Global) Bind(fs *pflag.FlagSet) {
	fs.StringVar(&g.Profile, "profile", "", "use this profile")
	fs.StringVar(&g.Org, "org", "", "act in this organization, by name")
	fs.BoolVar(&g.Sandbox, "sandbox", false, "act on the embedded organization (same as --profile sandbox)")
	fs.BoolVar(&g.JSON, "json", false, "print JSON with every field")
	fs.StringVar(&g.JQ, "jq", "", "filter the JSON with a jq expression")
	fs.StringSliceVar(&g.Fields, "fields", nil, "print only these fields, comma separated")
	fs.StringVarP(&g.Output, "output", "o", "", "table, json, jsonl, yaml, csv or tsv")
	fs.BoolVar(&g.CSVRaw, "csv-raw", false, "leave CSV cells that a spreadsheet would run as they are")
	fs.BoolVar(&g.DryRun, "dry-run", false, "read, show what would be written, write nothing")
	fs.BoolVarP(&g.Yes, "yes", "y", false, "answer the question with yes (never a guard)")
	fs.BoolVar(&g.NoInput, "no-input", false, "never ask; a missing value is an error")
	fs.BoolVarP(&g.Quiet, "quiet", "q", false, "print no status lines and no progress")
	fs.BoolVar(&g.Debug, "debug", false, "print each request to stderr, without secrets")
	fs.BoolVar(&g.NoColor, "no-color", false, "print no colour")
	fs.DurationVar(&g.Timeout, "timeout", 0, "give up after this long, for example 90s")
	fs.StringVar(&g.CACert, "ca-cert", "", "trust the certificates in this PEM file as well")
	fs.StringVar(&g.APIURL, "api-url", "", "API URL of a hybrid or European deployment")
	fs.StringVar(&g.AppURL, "app-url", "", "URL of the web application, for login")
	fs.IntVar(&g.Parallelism, "parallelism", 0, "requests in flight at most (default 8)")
	fs.StringArrayVar(&g.Confirm, "confirm", nil, "in scripts: repeat the name of what is deleted")
	fs.IntVar(&g.ConfirmCount, "confirm-count", 0, "in scripts: how many things a list of ids deletes")
	fs.StringVar(&g.ApproveSuperuser, "approve-superuser", "", "in scripts: the plan_hash that --dry-run --json printed, to approve new super-users")
	fs.StringVar(&g.ApproveExposure, "approve-exposure", "", "the plan_hash that --dry-run --json printed, to approve that many people newly reach something")
	fs.StringSliceVar(&g.MaxRemovals, "max-removals", nil, "how much files, documents and set may take away: 3, 25%, or grants=40,members=3")
	fs.StringVar(&g.Override, "override", "", "override one guard that fired, by its id")
	fs.StringVar(&g.Reason, "reason", "", "why the guard is overridden; kept in the journal")
}
