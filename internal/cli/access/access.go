// Package access holds the commands that ask about effective access: who may do what, and why.
package access

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin access`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "access", "", "effective access: who may do what, and why",
		newCheck,
		newCopy,
		newExplain,
		newWhoCan,
		newList,
		newMatrix,
		newDiff,
		newExport,
		newLint,
		newPaths,
		newReport,
	)
}

func addSnapshotFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "snapshot", "", "ask this file of btadmin snapshot save, without network or key")
}
