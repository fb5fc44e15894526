package meta

import (
	"io"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/text"
)

// pages are the settings pages of the web application, below its address (domain.md, section 9).
var pages = map[string]string{
	"groups":         "/app/~/configuration/org/groups",
	"service-tokens": "/app/~/configuration/org/service-tokens",
	"api-keys":       "/app/~/configuration/org/api-keys",
	"audit-log":      "/app/~/configuration/org/audit-log",
}

// NewOpen makes `btadmin open PAGE`.
func NewOpen(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "open PAGE",
		Short: "open a settings page: groups, service-tokens, api-keys or audit-log",
		Long: `Open a settings page of the web application in the browser: the program that BROWSER names, else that of the
desktop. In a pipe, and where no browser would be seen (no desktop, another machine), the address is printed.`,
		Example: `  btadmin open groups
  btadmin open service-tokens | cat`,
		ValidArgs: []string{"groups", "service-tokens", "api-keys", "audit-log"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return exit.BadInputf("name one page: groups, service-tokens, api-keys or audit-log")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			path, ok := pages[args[0]]
			if !ok {
				err := exit.BadInputf("no page %q: groups, service-tokens, api-keys or audit-log", args[0])
				for _, near := range text.Nearest(args[0], []string{"groups", "service-tokens", "api-keys", "audit-log"}) {
					return err.WithHint("did you mean %q?", "btadmin open "+near)
				}
				return err
			}
			settings, err := a.Settings()
			if err != nil {
				return err
			}
			address := settings.AppURL() + path
			if a.IO.OutTTY && a.CanBrowse() {
				err := a.Browse(cmd.Context(), address)
				if err == nil {
					a.Status.Print("Opened %s", address)
					return nil
				}
				a.Status.Warn("no browser could be started: %v", err)
			}
			_, err = io.WriteString(a.IO.Out, address+"\n")
			return err
		},
	}
}
