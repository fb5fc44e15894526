package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type model struct{}

func newModel() provider.Provider { return model{} }

// settings are what a configuration says in its provider block.
type settings struct {
	URL types.String `tfsdk:"api_url"`
	Key types.String `tfsdk:"api_key"`
	// MembersByUpdate sends the members of a new group in a second request, as versions of a public provider did.
	MembersByUpdate types.Bool `tfsdk:"members_by_update"`
}

func (model) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "model"
}

func (model) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"api_url":           schema.StringAttribute{Required: true},
		"api_key":           schema.StringAttribute{Required: true, Sensitive: true},
		"members_by_update": schema.BoolAttribute{Optional: true},
	}}
}

func (model) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var s settings
	resp.Diagnostics.Append(req.Config.Get(ctx, &s)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData = newClient(s)
}

func (model) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newProject, newGroup, newACL}
}

func (model) DataSources(context.Context) []func() datasource.DataSource { return nil }
