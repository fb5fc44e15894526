// Package meta holds the commands about btadmin itself: version, completion, commands, open and the help
// topics.
package meta

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
	"btadmin/internal/output"
)

type versionInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// NewVersion makes `btadmin version`. It reads no configuration and opens nothing.
func NewVersion(a *app.App) *cobra.Command {
	return tree.AnswersByExitCode(&cobra.Command{
		Use:   "version",
		Short: "print the version",
		Example: `  btadmin version
  btadmin version --json | jq -r .version`,
		Args: tree.Args(),
		RunE: func(*cobra.Command, []string) error {
			if !a.WantsJSON() && a.Flags.Output == "" {
				_, err := a.IO.Out.Write([]byte("btadmin " + a.Info.String() + "\n"))
				return err
			}
			p, err := a.Printer()
			if err != nil {
				return err
			}
			v := versionInfo{Version: a.Info.Version, Commit: a.Info.Commit, Date: a.Info.Date, Go: a.Info.Go, OS: a.Info.OS, Arch: a.Info.Arch}
			return output.Value(p, v)
		},
	})
}
