package resolve

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// objectList names one list: the objects of a kind in a project.
type objectList struct {
	kind      braintrust.ObjectKind
	projectID string
}

// Objects lists the experiments, datasets, prompts or functions of a project.
func (r *Resolver) Objects(ctx context.Context, kind braintrust.ObjectKind, projectID string) ([]braintrust.Object, error) {
	key := objectList{kind: kind, projectID: projectID}
	r.mu.Lock()
	c := r.objects[key]
	if c == nil {
		c = &cache[braintrust.Object]{load: r.objectLoader(key)}
		r.objects[key] = c
	}
	r.mu.Unlock()
	return c.get(ctx)
}

func (r *Resolver) objectLoader(list objectList) func(context.Context) ([]braintrust.Object, error) {
	if r.stored != nil {
		return func(context.Context) ([]braintrust.Object, error) { return r.stored.Objects(list.kind, list.projectID) }
	}
	return func(ctx context.Context) ([]braintrust.Object, error) {
		return braintrust.Collect(r.client.Objects(ctx, list.kind, braintrust.ObjectFilter{ProjectID: list.projectID}))
	}
}

// objectTarget resolves PROJECT/NAME. Both may hold "/", so every split is tried; two splits that both
// name something real are an ambiguity.
func (r *Resolver) objectTarget(ctx context.Context, prefix string, kind braintrust.ObjectKind, path string) (Target, error) {
	if IsUUID(path) && r.stored != nil {
		return r.storedObject(prefix, kind, strings.ToLower(path))
	}
	if IsUUID(path) {
		object, err := r.client.Object(ctx, kind, strings.ToLower(path))
		if err != nil && kind == braintrust.KindPrompt && (braintrust.IsNotFound(err) || braintrust.IsForbidden(err)) {
			// Grants call functions prompts, so that prompt:UUID may be one.
			if function, none := r.client.Object(ctx, braintrust.KindFunction, strings.ToLower(path)); none == nil {
				return r.target(string(braintrust.KindFunction), braintrust.KindFunction, function, ""), nil
			}
		}
		if err != nil {
			if braintrust.IsNotFound(err) || braintrust.IsForbidden(err) {
				return Target{}, exit.New(exit.BadInput, fmt.Errorf("%s %s: %w", prefix, path, err))
			}
			return Target{}, fmt.Errorf("read %s %s: %w", prefix, path, err)
		}
		return r.target(prefix, kind, object, ""), nil
	}
	projects, err := r.Projects(ctx)
	if err != nil {
		return Target{}, err
	}
	var matches []Target
	var known []string
	projectFound := false
	for i := range path {
		if path[i] != '/' {
			continue
		}
		projectName, name := path[:i], path[i+1:]
		for _, project := range projects {
			if project.Name != projectName && !strings.EqualFold(project.ID, projectName) {
				continue
			}
			projectFound = true
			objects, err := r.Objects(ctx, kind, project.ID)
			if err != nil {
				return Target{}, fmt.Errorf("list the %ss of project %q: %w", prefix, project.Name, err)
			}
			for _, object := range objects {
				known = append(known, project.Name+"/"+objectName(object))
				if name == objectName(object) || name == object.Name || strings.EqualFold(name, object.ID) {
					matches = append(matches, r.target(prefix, kind, object, project.Name))
				}
			}
		}
	}
	switch {
	case len(matches) == 1:
		return matches[0], nil
	case len(matches) > 1:
		lines := make([]string, len(matches))
		for i, m := range matches {
			lines[i] = fmt.Sprintf("%s (%s)", m.Ref, m.Node.ID)
		}
		return Target{}, exit.BadInputf("%s:%s is ambiguous: %s", prefix, path, strings.Join(lines, "; ")).
			WithHint("use %s:UUID", prefix)
	case projectFound:
		err := exit.BadInputf("no %s %q", prefix, path)
		if near := text.Nearest(path, known); len(near) > 0 {
			return Target{}, err.WithHint("did you mean %s?", joinQuoted(near))
		}
		if r.stored != nil {
			return Target{}, err.WithHint("%s", r.stored.objectHint())
		}
		return Target{}, err.WithHint("btadmin api GET /v1/%s --jq '.objects[].name' lists them", kind)
	case !strings.Contains(path, "/"):
		return Target{}, exit.BadInputf("%s:%s: expected %s:PROJECT/NAME", prefix, path, prefix)
	}
	project, _, _ := strings.Cut(path, "/")
	_, err = r.Project(ctx, project)
	if err == nil {
		err = exit.BadInputf("no %s %q", prefix, path)
	}
	return Target{}, err
}

func (r *Resolver) target(prefix string, kind braintrust.ObjectKind, object braintrust.Object, project string) Target {
	ref := prefix + ":" + object.ID
	if project != "" {
		r.note(object.ID, project+"/"+objectName(object))
		ref = prefix + ":" + project + "/" + objectName(object)
	}
	return Target{Node: access.Node{Type: kind.Type(), ID: object.ID}, Ref: ref, Name: objectName(object), ProjectID: object.ProjectID}
}

// objectName is what references call an object: the slug of prompts and functions, else the name.
func objectName(o braintrust.Object) string {
	if o.Slug != "" {
		return o.Slug
	}
	return o.Name
}

func isBadInput(err error) bool {
	var e *exit.Error
	return errors.As(err, &e) && e.Code == exit.BadInput
}

func hintOf(err error, fallback string) string {
	var e *exit.Error
	if errors.As(err, &e) && e.Hint != "" {
		return e.Hint
	}
	return fallback
}
