package meta

import (
	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/cli/complete"
	"btadmin/internal/exit"
)

// NewCompletion makes `btadmin completion SHELL`.
func NewCompletion(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print the completion script of a shell: bash, zsh, fish or powershell",
		Long: `Print the completion script of a shell. Packages install these scripts already; without one:

  bash         source <(btadmin completion bash)
  zsh          btadmin completion zsh > "${fpath[1]}/_btadmin"
  fish         btadmin completion fish | source
  powershell   btadmin completion powershell | Out-String | Invoke-Expression`,
		Example: `  source <(btadmin completion bash)
  btadmin completion fish > ~/.config/fish/completions/btadmin.fish`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return exit.BadInputf("name one shell: bash, zsh, fish or powershell")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return complete.Bash(root, a.IO.Out)
			case "zsh":
				return root.GenZshCompletion(a.IO.Out)
			case "fish":
				return root.GenFishCompletion(a.IO.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.IO.Out)
			}
			return exit.BadInputf("no completion for shell %q: bash, zsh, fish or powershell", args[0])
		},
	}
}
