package tokensink

import (
	"regexp"

	"github.com/spf13/pflag"

	"btadmin/internal/exit"
)

// Options are the flags that say where a new secret goes. None of them takes a secret (A7).
type Options struct {
	Out       string // a file that gets the secret alone
	EnvFile   string // a file of NAME=value lines
	EnvName   string // the variable in EnvFile
	Overwrite bool   // replace Out, or the variable in EnvFile
}

// Bind registers the flags.
func (o *Options) Bind(fs *pflag.FlagSet) {
	fs.StringVar(&o.Out, "out", "", "write the token to this new file (0600) instead of standard output")
	fs.StringVar(&o.EnvFile, "env-file", "", "write the token as a variable into this file of NAME=value lines")
	fs.StringVar(&o.EnvName, "env-name", "", "the name of the variable in --env-file")
	fs.BoolVar(&o.Overwrite, "overwrite", false, "replace the file of --out, or the variable in --env-file, if it exists")
}

// Empty reports whether no flag was given.
func (o Options) Empty() bool { return o == Options{} }

// ToFile reports whether the secret goes to a file, and not to standard output.
func (o Options) ToFile() bool { return o.Out != "" || o.EnvFile != "" }

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Check finds contradictions. Errors carry exit code 4.
func (o Options) Check() error {
	switch {
	case o.Out != "" && o.EnvFile != "":
		return exit.BadInputf("--out and --env-file exclude each other")
	case o.Out == "-":
		return exit.BadInputf("--out -: without --out the token goes to standard output anyway")
	case o.EnvFile != "" && o.EnvName == "":
		return exit.BadInputf("--env-file needs --env-name").WithHint("for example --env-file .env --env-name BRAINTRUST_API_KEY")
	case o.EnvFile == "" && o.EnvName != "":
		return exit.BadInputf("--env-name needs --env-file")
	case o.EnvName != "" && !variableName.MatchString(o.EnvName):
		return exit.BadInputf("--env-name %q is not the name of a variable: letters, digits and _ only", o.EnvName)
	case o.Overwrite && !o.ToFile():
		return exit.BadInputf("--overwrite needs --out or --env-file")
	}
	return nil
}
