package braintrust

import (
	"context"
	"errors"
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
	l, err := c.objectsOf(kind, f)
	if err != nil {
		return failed[Object](err)
	}
	return list(ctx, c, l)
}

// ObjectPage returns the first page of Objects. It is the whole list only when everything that the filter names by
// id is on it.
func (c *Client) ObjectPage(ctx context.Context, kind ObjectKind, f ObjectFilter) ([]Object, error) {
	l, err := c.objectsOf(kind, f)
	if err != nil {
		return nil, err
	}
	page, _, err := fetch(ctx, c, l, c.pageSize, "")
	if errors.Is(err, errTooLarge) {
		return nil, nil // Objects asks for smaller pages
	}
	return page, err
}

func (c *Client) objectsOf(kind ObjectKind, f ObjectFilter) (listing[Object], error) {
	endpoint, err := kind.endpoint()
	if err != nil {
		return listing[Object]{}, err
	}
	query := filter{}.add("ids", f.IDs...).
		add("project_id", f.ProjectID).add("project_name", f.ProjectName).
		add(string(kind)+"_name", f.Name).add("org_name", c.orgName)
	if f.Slug != "" {
		if kind != KindPrompt && kind != KindFunction {
			return listing[Object]{}, fmt.Errorf("GET %s: a list of kind %s cannot be narrowed by slug", endpoint.path, kind)
		}
		query.add("slug", f.Slug)
	}
	return listing[Object]{
		path: endpoint.path, query: url.Values(query), id: endpoint.id, decode: objects[Object], shrink: true,
	}, nil
}

// Object returns one object.
func (c *Client) Object(ctx context.Context, kind ObjectKind, id string) (Object, error) {
	endpoint, err := kind.endpoint()
	if err != nil {
		return Object{}, err
	}
	return endpoint.get(ctx, c, id)
}
