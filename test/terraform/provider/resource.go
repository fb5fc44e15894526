package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
)

// record is what a resource knows of itself: its attributes, and the same as the API has it.
type record[R any] interface {
	*R
	// id is the path below /v1/kind/.
	id() string
	// body is what is sent to create or change it.
	body(ctx context.Context) (map[string]any, error)
	// read takes an answer of the API over.
	read(ctx context.Context, answer map[string]any) error
}

// one is a resource of the model: every operation is one request for one object.
type one[R any, P record[R]] struct {
	kind       string
	attributes map[string]schema.Attribute
	client     *client
}

func (o *one[R, P]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + o.kind
}

func (o *one[R, P]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	o.attributes["id"] = schema.StringAttribute{
		Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
	resp.Schema = schema.Schema{Attributes: o.attributes}
}

func (o *one[R, P]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if c, ok := req.ProviderData.(*client); ok {
		o.client = c
	}
}

func (o *one[R, P]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var r R
	resp.Diagnostics.Append(req.Plan.Get(ctx, &r)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := o.create(ctx, &r); err != nil {
		resp.Diagnostics.AddError("creating the "+o.kind, err.Error())
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &r)...)
}

func (o *one[R, P]) create(ctx context.Context, r P) error {
	body, err := r.body(ctx)
	if err != nil {
		return err
	}
	members := body["member_users"]
	later := o.client.membersByUpdate && members != nil
	if later {
		delete(body, "member_users")
	}
	if err := o.send(ctx, http.MethodPost, "", body, r); err != nil || !later {
		return err
	}
	return o.send(ctx, http.MethodPatch, "/"+r.id(), map[string]any{"add_member_users": members}, r)
}

// send sends one request and takes the answer over.
func (o *one[R, P]) send(ctx context.Context, method, path string, body any, r P) error {
	var answer map[string]any
	if err := o.client.do(ctx, method, "/v1/"+o.kind+path, body, &answer); err != nil {
		return err
	}
	return r.read(ctx, answer)
}

// Read takes 404 for gone and everything else for a failure, as a public provider does; the API answers 400 to an id that it
// does not know (any longer).
func (o *one[R, P]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var r R
	resp.Diagnostics.Append(req.State.Get(ctx, &r)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := o.send(ctx, http.MethodGet, "/"+P(&r).id(), nil, &r)
	var no *refused
	switch {
	case errors.As(err, &no) && no.status == http.StatusNotFound:
		resp.State.RemoveResource(ctx)
	case err != nil:
		resp.Diagnostics.AddError("reading the "+o.kind, err.Error())
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, &r)...)
	}
}

// Update is not needed for anything that is measured.
func (o *one[R, P]) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("changing the "+o.kind, "the model makes, reads and deletes only")
}

func (o *one[R, P]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var r R
	resp.Diagnostics.Append(req.State.Get(ctx, &r)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := o.client.do(ctx, http.MethodDelete, "/v1/"+o.kind+"/"+P(&r).id(), nil, nil); err != nil {
		resp.Diagnostics.AddError("deleting the "+o.kind, err.Error())
	}
}
