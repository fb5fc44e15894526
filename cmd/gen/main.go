// Command gen writes what is derived from the command tree and committed: completions/ for four shells,
// docs/reference/ with one Markdown page a command, and docs/man/ with one man page a command.
//
// The result depends on nothing but the source: no date, no version, no environment. Files in these three
// folders that no command stands for any more are removed. It also writes the JSON Schema of policies where the
// program embeds it, and the list of decisions, docs/adr/README.md.
package main

import (
	"flag"
	"fmt"
	"os"

	"btadmin/internal/app"
	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

func main() {
	os.Exit(run(iostreams.System(), os.Args[1:]))
}

// run returns the exit code of the process.
func run(streams *iostreams.Streams, args []string) int {
	fs := flag.NewFlagSet("gen", flag.ContinueOnError)
	fs.SetOutput(streams.Err)
	dir := fs.String("dir", ".", "the folder that receives completions/ and docs/")
	source := fs.String("source", ".", "the root of the module, whose comments explain the schema of policies")
	if err := fs.Parse(args); err != nil {
		return 4
	}
	root := cli.NewRoot(app.New(streams, build.New("", "", ""), nil))
	files, err := generate(root)
	if err == nil {
		files[schemaFile], err = policySchema(*source)
	}
	if err == nil {
		files[decisionsFile], err = decisions(*source)
	}
	if err == nil {
		err = write(*dir, files)
	}
	if err != nil {
		fmt.Fprintln(streams.Err, "gen: error:", err)
		return 1
	}
	return 0
}
