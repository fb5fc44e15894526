// Command btadmin administers Braintrust access control from a terminal or a script.
package main

import (
	"os"

	"btadmin/internal/build"
	"btadmin/internal/cli"
	"btadmin/internal/iostreams"
)

// Stamped by the linker in release builds.
var version, commit, date string

func main() {
	os.Exit(cli.Main(iostreams.System(), build.New(version, commit, date), os.Args[1:]))
}
