package orgs

import (
	"context"
	"strconv"
	"strings"
	"time"

	"btadmin/internal/app"
	"btadmin/internal/exit"
	"btadmin/internal/output"
	"btadmin/internal/resolve"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// detail is an organization: the API's fields. A null is a setting that the server did not tell.
type detail struct {
	ID                 string    `json:"id"`
	Name               string    `json:"name"`
	APIURL             string    `json:"api_url"`
	ProxyURL           string    `json:"proxy_url"`
	RealtimeURL        string    `json:"realtime_url"`
	IsUniversalAPI     *bool     `json:"is_universal_api"`
	IsDataplanePrivate *bool     `json:"is_dataplane_private"`
	ImageRenderingMode string    `json:"image_rendering_mode"`
	Created            time.Time `json:"created"`
}

func describe(o braintrust.Organization) detail {
	return detail{
		ID: o.ID, Name: o.Name, APIURL: o.APIURL, ProxyURL: o.ProxyURL, RealtimeURL: o.RealtimeURL,
		IsUniversalAPI: o.IsUniversalAPI, IsDataplanePrivate: o.IsDataplanePrivate,
		ImageRenderingMode: o.ImageRenderingMode, Created: o.Created,
	}
}

// list is every organization of the key, whatever --org says.
func list(ctx context.Context, a *app.App) ([]braintrust.Organization, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	return braintrust.Collect(client.Organizations(ctx, braintrust.OrganizationFilter{}))
}

// find is the organization that was named, or the one that commands act in.
func find(ctx context.Context, a *app.App, args []string) (braintrust.Organization, error) {
	r, err := a.Resolver(ctx)
	if err != nil {
		return braintrust.Organization{}, err
	}
	if len(args) == 0 {
		return r.Organization(ctx)
	}
	all, err := list(ctx, a)
	if err != nil {
		return braintrust.Organization{}, err
	}
	var names []string
	for _, org := range all {
		if org.Name == args[0] || resolve.IsUUID(args[0]) && strings.EqualFold(org.ID, args[0]) {
			return org, nil
		}
		names = append(names, org.Name)
	}
	unknown := exit.BadInputf("no organization %q for this key", args[0])
	if near := text.Nearest(args[0], names); len(near) > 0 {
		return braintrust.Organization{}, unknown.WithHint("did you mean %q?", near[0])
	}
	return braintrust.Organization{}, unknown.WithHint("btadmin orgs list shows those it belongs to")
}

func columns(now time.Time) []output.Column[detail] {
	return []output.Column[detail]{
		{Field: "name", Header: "NAME", Text: func(d detail) string { return d.Name }},
		{Field: "id", Header: "ID", Text: func(d detail) string { return d.ID }},
		{Field: "api_url", Header: "API URL", Text: func(d detail) string { return d.APIURL }},
		{
			Field: "created", Header: "CREATED",
			Text: func(d detail) string { return output.RelTime(now, d.Created) },
			Raw:  func(d detail) string { return output.Time(d.Created) },
		},
	}
}

func detailColumns(now time.Time) []output.Column[detail] {
	return append(columns(now), []output.Column[detail]{
		{Field: "proxy_url", Header: "PROXY URL", Text: func(d detail) string { return d.ProxyURL }},
		{Field: "realtime_url", Header: "REALTIME URL", Text: func(d detail) string { return d.RealtimeURL }},
		{Field: "is_universal_api", Header: "UNIVERSAL API", Text: func(d detail) string { return known(d.IsUniversalAPI) }},
		{Field: "is_dataplane_private", Header: "PRIVATE DATA PLANE", Text: func(d detail) string { return known(d.IsDataplanePrivate) }},
		{Field: "image_rendering_mode", Header: "IMAGE RENDERING", Text: func(d detail) string { return d.ImageRenderingMode }},
	}...)
}

func known(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
