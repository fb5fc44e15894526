// Package cli is the command line: the root command, what happens around every command (signals,
// panics, error messages), and the exit codes. The nouns live in the folders below it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli/complete"
	"btadmin/internal/exit"
	"btadmin/internal/iostreams"
	"btadmin/internal/parallel"
)

// Main runs one command line and returns the exit code of the process.
func Main(streams *iostreams.Streams, info build.Info, args []string) (code int) {
	return int(one(context.Background(), streams, info, args))
}

// one runs one command line from its flags to its error message.
func one(ctx context.Context, streams *iostreams.Streams, info build.Info, args []string) (code exit.Code) {
	a := app.New(streams, info, args)
	a.Lean = true
	defer func() {
		if r := recover(); r != nil {
			code = reportPanic(a, r)
		}
	}()
	err := Run(ctx, a, args)
	complete.Remember(a)
	if closeErr := a.Close(); err == nil {
		err = closeErr
	}
	return report(a, err)
}

// Run executes one command line in an app that exists already; tests use it.
func Run(ctx context.Context, a *app.App, args []string) error {
	root, started := newRoot(a)
	if complete.Meant(args) {
		complete.Attach(root, a)
	}
	root.SetArgs(args)
	root.SetIn(a.IO.In)
	root.SetOut(a.IO.Out)
	root.SetErr(a.IO.Err)
	err := root.ExecuteContext(ctx)
	if err == nil || *started {
		return err
	}
	var coded *exit.Error
	if errors.As(err, &coded) {
		return err
	}
	return exit.New(exit.BadInput, err) // cobra's own complaints about flags and arguments
}

// stopper is what ends the watch for interrupts.
type stopper func()

// Close implements io.Closer.
func (s stopper) Close() error {
	s()
	return nil
}

// untilInterrupted cancels the context at the first interrupt, so that a change under way reaches a safe
// point; the second interrupt ends the process at once.
func untilInterrupted(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case <-signals:
			cancel(context.Canceled)
			signal.Stop(signals) // the default action is back: a second interrupt kills
		case <-done:
		}
	}()
	return ctx, func() {
		close(done)
		signal.Stop(signals)
		cancel(nil)
	}
}

// reportPanic tells of a bug without its values, which could hold secrets: the redactor has the last word.
func reportPanic(a *app.App, r any) exit.Code {
	stack := debug.Stack()
	if elsewhere, is := r.(*parallel.Panic); is {
		stack = elsewhere.Stack
	}
	fmt.Fprintf(a.IO.Err, "btadmin: error: bug: %s\n", a.Plain(a.Redact(fmt.Sprint(r))))
	fmt.Fprintf(a.IO.Err, "hint: please report it with the version (%s) and these lines\n%s", a.Info.String(), a.Redact(string(stack)))
	return exit.Bug
}
