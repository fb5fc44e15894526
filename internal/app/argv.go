package app

import (
	"strings"

	"github.com/spf13/pflag"

	"btadmin/internal/flags"
)

// journaledArgs is the command line as the journal keeps it: without secrets, and without the values of
// `btadmin api`, which may be anything.
func (a *App) journaledArgs() []string {
	argv := make([]string, len(a.Args))
	raw := command(a.Args) == "api"
	for i, arg := range a.Args {
		key, _, isPair := strings.Cut(arg, "=")
		if raw && isPair {
			arg = key + "=..."
		}
		argv[i] = a.Redact(arg)
	}
	return argv
}

// command is the first word of a command line that is neither a global flag nor the value of one.
func command(args []string) string {
	fs := pflag.NewFlagSet("", pflag.ContinueOnError)
	fs.SetInterspersed(false)
	fs.Usage = func() {}
	new(flags.Global).Bind(fs)
	if err := fs.Parse(args); err != nil {
		return "" // such a command line does not reach a journal
	}
	return fs.Arg(0)
}
