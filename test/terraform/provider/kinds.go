package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type project struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func newProject() resource.Resource {
	return &one[project, *project]{kind: "project", attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true},
	}}
}

func (p *project) id() string { return p.ID.ValueString() }

func (p *project) body(context.Context) (map[string]any, error) {
	return map[string]any{"name": p.Name.ValueString()}, nil
}

func (p *project) read(_ context.Context, answer map[string]any) error {
	return take(answer, map[string]*types.String{"id": &p.ID, "name": &p.Name})
}

type group struct {
	ID      types.String `tfsdk:"id"`
	Name    types.String `tfsdk:"name"`
	Members types.Set    `tfsdk:"member_users"`
}

func newGroup() resource.Resource {
	return &one[group, *group]{kind: "group", attributes: map[string]schema.Attribute{
		"name":         schema.StringAttribute{Required: true},
		"member_users": schema.SetAttribute{Required: true, ElementType: types.StringType},
	}}
}

func (g *group) id() string { return g.ID.ValueString() }

func (g *group) body(ctx context.Context) (map[string]any, error) {
	members := []string{}
	err := failure(g.Members.ElementsAs(ctx, &members, false))
	return map[string]any{"name": g.Name.ValueString(), "member_users": members}, err
}

func (g *group) read(ctx context.Context, answer map[string]any) error {
	members := []string{}
	list, _ := answer["member_users"].([]any)
	for _, m := range list {
		members = append(members, fmt.Sprint(m))
	}
	set, diags := types.SetValueFrom(ctx, types.StringType, members)
	g.Members = set
	return errors.Join(failure(diags), take(answer, map[string]*types.String{"id": &g.ID, "name": &g.Name}))
}

type acl struct {
	ID         types.String `tfsdk:"id"`
	ObjectType types.String `tfsdk:"object_type"`
	ObjectID   types.String `tfsdk:"object_id"`
	Group      types.String `tfsdk:"group_id"`
	Permission types.String `tfsdk:"permission"`
}

// newACL is a tuple, which the API cannot change: other values mean another one.
func newACL() resource.Resource {
	attributes := map[string]schema.Attribute{}
	for _, name := range []string{"object_type", "object_id", "group_id", "permission"} {
		attributes[name] = schema.StringAttribute{
			Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		}
	}
	return &one[acl, *acl]{kind: "acl", attributes: attributes}
}

func (a *acl) id() string { return a.ID.ValueString() }

func (a *acl) body(context.Context) (map[string]any, error) {
	return map[string]any{
		"object_type": a.ObjectType.ValueString(), "object_id": a.ObjectID.ValueString(),
		"group_id": a.Group.ValueString(), "permission": a.Permission.ValueString(),
	}, nil
}

func (a *acl) read(_ context.Context, answer map[string]any) error {
	return take(answer, map[string]*types.String{
		"id": &a.ID, "object_type": &a.ObjectType, "object_id": &a.ObjectID, "group_id": &a.Group, "permission": &a.Permission,
	})
}

// take copies texts of an answer, all of which have to be there.
func take(answer map[string]any, into map[string]*types.String) error {
	for name, to := range into {
		text, ok := answer[name].(string)
		if !ok {
			return fmt.Errorf("the answer has no %s", name)
		}
		*to = types.StringValue(text)
	}
	return nil
}

func failure(diags diag.Diagnostics) error {
	var all []error
	for _, d := range diags.Errors() {
		all = append(all, errors.New(d.Summary()+": "+d.Detail()))
	}
	return errors.Join(all...)
}
