// Package policy holds the commands about access as code: policy documents.
package policy

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/tree"
)

// New makes `btadmin policy`.
func New(a *app.App) *cobra.Command {
	return tree.Noun(a, "policy", "policies", "access as code: documents that say who may do what",
		newPlan,
		newApply,
		newDrift,
		newExport,
		newTest,
		newInit,
		newValidate,
		newRender,
		newFmt,
		newSchema,
	)
}

// fileArgs is the argument that every verb takes.
const fileArgs = "[FILE|DIR...]"
