package braintrust

import (
	"context"
	"fmt"
	"iter"
	"net/url"
)

// endpoint is where a kind of object is listed. The kind is part of a path, so that only known ones
// may pass.
func (k ObjectKind) endpoint() (resource[Object], error) {
	switch k {
	case KindExperiment, KindDataset, KindPrompt, KindFunction:
		return resource[Object]{"/v1/" + string(k), func(o *Object) string { return o.ID }}, nil
	}
	return resource[Object]{}, fmt.Errorf("objects of kind %q cannot be listed", k)
}

// Objects lists the objects of one kind that the key may read.
func (c *Client) Objects(ctx context.Context, kind ObjectKind, f ObjectFilter) iter.Seq2[Object, error] {
	endpoint, err := kind.endpoint()
	if err != nil {
		return failed[Object](err)
	}
	query := filter{}.add("ids", f.IDs...).
		add("project_id", f.ProjectID).add("project_name", f.ProjectName).
		add(string(kind)+"_name", f.Name).add("org_name", c.orgName)
	if f.Slug != "" {
		if kind != KindPrompt && kind != KindFunction {
			return failed[Object](fmt.Errorf("GET %s: a list of kind %s cannot be narrowed by slug", endpoint.path, kind))
		}
		query.add("slug", f.Slug)
	}
	return list(ctx, c, listing[Object]{
		path: endpoint.path, query: url.Values(query), id: endpoint.id, decode: objects[Object], shrink: true,
	})
}

// Object returns one object.
func (c *Client) Object(ctx context.Context, kind ObjectKind, id string) (Object, error) {
	endpoint, err := kind.endpoint()
	if err != nil {
		return Object{}, err
	}
	return endpoint.get(ctx, c, id)
}
