// Package app holds what a command needs and opens it only when the command asks: settings, client,
// names, printer, prompts, and the one road for changes. A command that needs nothing opens nothing.
package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"btadmin/internal/build"
	"btadmin/internal/config"
	"btadmin/internal/exit"
	"btadmin/internal/flags"
	"btadmin/internal/iostreams"
	"btadmin/internal/orgstate"
	"btadmin/internal/output"
	"btadmin/internal/prompt"
	"btadmin/internal/redact"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// App is one run of the program. It is not safe for concurrent use; what it returns may be.
type App struct {
	IO     *iostreams.Streams
	Info   build.Info
	Args   []string // the command line, for the journal
	Lean   bool     // only the commands that Args can mean need be made
	Flags  *flags.Global
	Status *output.Status
	Prompt *prompt.Prompter
	Now    func() time.Time

	started  time.Time
	redactor *redact.Redactor
	settings lazy[*config.Settings]
	client   lazy[*braintrust.Client]
	resolver lazy[*resolve.Resolver]
	printer  lazy[*output.Printer]
	caller   lazy[orgstate.Caller]
	labels   lazy[access.Table]
	key      braintrust.Secret // of client
	next     http.RoundTripper // of client
	requests atomic.Int64      // that were made
	closers  []io.Closer
	lastRun  string          // the change that is done
	special  []output.Format // that only this command has
}

// New makes the App of one command line.
func New(streams *iostreams.Streams, info build.Info, args []string) *App {
	return &App{
		IO: streams, Info: info, Args: args,
		Flags:    &flags.Global{},
		Status:   output.NewStatus(streams),
		Prompt:   prompt.New(streams),
		Now:      time.Now,
		started:  time.Now(),
		redactor: redact.New(),
	}
}

// Start applies the global flags that change how the program talks. It reads no configuration.
func (a *App) Start() error {
	f := a.Flags
	a.IO.NoInput = f.NoInput || truthy(a.IO.Env("BRAINTRUST_NO_INPUT"))
	a.IO.Quiet = f.Quiet
	if f.NoColor {
		a.IO.DisableColor()
	}
	if f.Sandbox {
		if f.Profile != "" && f.Profile != config.SandboxProfile {
			return exit.BadInputf("--sandbox and --profile %s exclude each other", f.Profile)
		}
		f.Profile = config.SandboxProfile
	}
	if f.JSON {
		if f.Output != "" && f.Output != string(output.FormatJSON) {
			return exit.BadInputf("--json and --output %s exclude each other", f.Output)
		}
		f.Output = string(output.FormatJSON)
	}
	return nil
}

// Resolver returns the look-up of names, one for the whole run.
func (a *App) Resolver(ctx context.Context) (*resolve.Resolver, error) {
	return a.resolver.get(func() (*resolve.Resolver, error) {
		client, err := a.Client(ctx)
		if err != nil {
			return nil, err
		}
		table, err := a.Labels()
		if err != nil {
			return nil, err
		}
		return resolve.New(client).WithLabels(table), nil
	})
}

// Printer returns the printer that the output flags ask for. A command calls it before it changes
// anything, so that a misspelt --jq is found in time. Further formats are those that the command writes itself.
func (a *App) Printer(further ...output.Format) (*output.Printer, error) {
	return a.printer.get(func() (*output.Printer, error) {
		format := a.Flags.Output
		if format == "" && a.Flags.JQ == "" {
			settings, err := a.Settings()
			if err != nil {
				return nil, err
			}
			format = settings.Output()
		}
		return output.New(a.IO, output.Options{
			Format: output.Format(format), JQ: a.Flags.JQ, Fields: a.Flags.Fields, CSVRaw: a.Flags.CSVRaw,
			Further: slices.Concat(further, a.special),
		})
	})
}

// WantsJSON reports whether errors are one JSON object.
func (a *App) WantsJSON() bool {
	if a.printer.done && a.printer.err == nil {
		return a.printer.value.JSON()
	}
	return a.Flags.JSON || a.Flags.JQ != "" || strings.HasPrefix(a.Flags.Output, "json")
}

// Redact removes every secret that this run has seen from text.
func (a *App) Redact(text string) string { return a.redactor.String(text) }

// Plain makes a line harmless for a terminal and for the log of a CI service.
func (a *App) Plain(line string) string {
	line = text.Visible(line)
	if a.IO.CI {
		line = text.GuardLines(line)
	}
	return line
}

// Remember registers a secret, so that it never reaches a terminal, a log or a journal by accident.
func (a *App) Remember(key braintrust.Secret) { a.redactor.Add(key.Reveal()) }

// LastRun is the id of the change that this run has done and confirmed, "" when there is none.
func (a *App) LastRun() string { return a.lastRun }

// OnClose closes c when the run ends, last opened first.
func (a *App) OnClose(c io.Closer) { a.closers = append(a.closers, c) }

// Close releases what the run opened.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i].Close())
	}
	a.closers = nil
	return errors.Join(errs...)
}

// lazy opens something at its first use and keeps it.
type lazy[T any] struct {
	done  bool
	value T
	err   error
}

func (l *lazy[T]) get(open func() (T, error)) (T, error) {
	if !l.done {
		l.value, l.err = open()
		l.done = true
	}
	return l.value, l.err
}

func truthy(value string) bool {
	switch strings.ToLower(value) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}
