package orgs

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"btadmin/internal/app"
	"btadmin/internal/change"
	"btadmin/internal/cli/tree"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/pkg/braintrust"
)

// editOptions are the values of the flags; patch takes those that were given.
type editOptions struct {
	name, apiURL, proxyURL, realtimeURL, imageRendering string
	universalAPI, privateDataPlane                      bool
}

func newEdit(a *app.App) *cobra.Command {
	var opts editOptions
	cmd := &cobra.Command{
		Use:   "edit [ORG]",
		Short: "change settings of an organization",
		Long: `Change settings of an organization: the one that commands act in, or another one of the key. The URLs belong
to hybrid deployments: clients of everybody in the organization follow them.`,
		Example: `  btadmin orgs edit --name "Acme Research"
  btadmin orgs edit --api-url-setting https://braintrust.example.com --universal-api --dry-run`,
		Args: tree.Args("[ORG]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEdit(cmd.Context(), a, args, func(org braintrust.Organization) (*change.PatchOrganization, error) {
				return opts.patch(org, cmd.Flags().Changed)
			})
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&opts.name, "name", "", "the new name")
	fs.StringVar(&opts.apiURL, "api-url-setting", "", "API URL of a hybrid deployment (--api-url says which server this command asks)")
	fs.StringVar(&opts.proxyURL, "proxy-url", "", "proxy URL of a hybrid deployment")
	fs.StringVar(&opts.realtimeURL, "realtime-url", "", "realtime URL of a hybrid deployment")
	fs.BoolVar(&opts.universalAPI, "universal-api", false, "whether the API URL serves everything")
	fs.BoolVar(&opts.privateDataPlane, "private-data-plane", false, "whether the data plane is reached from inside only")
	fs.StringVar(&opts.imageRendering, "image-rendering-mode", "", "how images are shown, such as auto or click_to_load")
	return cmd
}

// patch compares what was given with how the organization is.
func (o editOptions) patch(org braintrust.Organization, given func(string) bool) (*change.PatchOrganization, error) {
	step := &change.PatchOrganization{Organization: org}
	if given("name") && strings.TrimSpace(o.name) == "" {
		return nil, exit.BadInputf("--name is empty")
	}
	word := func(flag, field, now, wanted string, into **string) error {
		if !given(flag) || now == wanted {
			return nil
		}
		if (field == "api_url" || field == "proxy_url") && wanted != "" { // the realtime URL is one of wss
			if _, err := braintrust.CheckURL(wanted); err != nil {
				return exit.New(exit.BadInput, err)
			}
		}
		*into = &wanted
		step.Changes = append(step.Changes, field+": "+wanted)
		return nil
	}
	truth := func(flag, field string, now *bool, wanted bool, into **bool) {
		if !given(flag) || now != nil && *now == wanted {
			return
		}
		*into = &wanted
		step.Changes = append(step.Changes, field+": "+strconv.FormatBool(wanted))
	}
	for _, err := range []error{
		word("name", "name", org.Name, o.name, &step.Patch.Name),
		word("api-url-setting", "api_url", org.APIURL, o.apiURL, &step.Patch.APIURL),
		word("proxy-url", "proxy_url", org.ProxyURL, o.proxyURL, &step.Patch.ProxyURL),
		word("realtime-url", "realtime_url", org.RealtimeURL, o.realtimeURL, &step.Patch.RealtimeURL),
		word("image-rendering-mode", "image_rendering_mode", org.ImageRenderingMode, o.imageRendering, &step.Patch.ImageRenderingMode),
	} {
		if err != nil {
			return nil, err
		}
	}
	truth("universal-api", "is_universal_api", org.IsUniversalAPI, o.universalAPI, &step.Patch.IsUniversalAPI)
	truth("private-data-plane", "is_dataplane_private", org.IsDataplanePrivate, o.privateDataPlane, &step.Patch.IsDataplanePrivate)
	for _, flag := range []string{"name", "api-url-setting", "proxy-url", "realtime-url", "universal-api", "private-data-plane", "image-rendering-mode"} {
		if given(flag) {
			return step, nil
		}
	}
	return nil, exit.BadInputf("nothing to change: give --name or another setting").WithHint("btadmin orgs edit --help lists them")
}

func runEdit(ctx context.Context, a *app.App, args []string, patch func(braintrust.Organization) (*change.PatchOrganization, error)) error {
	p, err := a.Printer()
	if err != nil {
		return err
	}
	org, err := find(ctx, a, args)
	if err != nil {
		return err
	}
	step, err := patch(org)
	if err != nil {
		return err
	}
	after := org
	if len(step.Changes) == 0 {
		a.Status.Done("Organization %s is that way already", org.Name)
	} else {
		result, err := a.Mutate(ctx, app.Change{Steps: []change.Step{step}, Org: org})
		if err != nil || result == nil {
			return err
		}
		after = step.Out
		a.Status.Done("Changed organization %s: %s", after.Name, strings.Join(step.Changes, ", "))
	}
	if p.Human() {
		return nil
	}
	return output.Object(p, detailColumns(a.Now()), describe(after))
}
