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

// Target is an object that a reference named: the node that grants attach to, and how to call it.
type Target struct {
	Node access.Node
	// Ref is the reference in its canonical form, such as project:Chatbot, for messages and plans.
	Ref string
	// Name is the object's own name, "" when it has none.
	Name string
	// ProjectID is the project it lives in, "" when it lives in none.
	ProjectID string
}

// objectPrefixes are the prefixes of references to objects inside a project.
var objectPrefixes = map[string]braintrust.ObjectKind{
	"experiment": braintrust.KindExperiment,
	"dataset":    braintrust.KindDataset,
	"prompt":     braintrust.KindPrompt,
	"function":   braintrust.KindFunction,
}

// Target resolves a reference to an object: organization, all-projects, members, audit-logs,
// project:NAME, experiment:PROJECT/NAME, dataset:PROJECT/NAME, prompt:PROJECT/SLUG, function:PROJECT/SLUG,
// playground:ID, logs:PROJECT, group:NAME, role:NAME, or TYPE:UUID for any type the server knows.
func (r *Resolver) Target(ctx context.Context, ref string) (Target, error) {
	if objectType, own := access.OwnType(strings.ReplaceAll(ref, "_", "-")); own {
		org, err := r.Organization(ctx)
		if err != nil {
			return Target{}, err
		}
		return Target{Node: access.Node{Type: objectType, ID: org.ID}, Ref: strings.ReplaceAll(ref, "_", "-"), Name: org.Name}, nil
	}
	prefix, name, found := strings.Cut(ref, ":")
	if !found || name == "" {
		return Target{}, badRef(ref)
	}
	if kind, ok := objectPrefixes[prefix]; ok {
		return r.objectTarget(ctx, prefix, kind, name)
	}
	switch prefix {
	case "project":
		project, err := r.Project(ctx, name)
		return Target{Node: access.Node{Type: braintrust.ObjectProject, ID: project.ID}, Ref: "project:" + project.Name, Name: project.Name, ProjectID: project.ID}, err
	case "logs":
		project, err := r.Project(ctx, name)
		return Target{Node: access.Node{Type: braintrust.ObjectProjectLog, ID: project.ID}, Ref: "logs:" + project.Name, Name: project.Name, ProjectID: project.ID}, err
	case "group":
		group, err := r.Group(ctx, name)
		return Target{Node: access.Node{Type: braintrust.ObjectGroup, ID: group.ID}, Ref: "group:" + group.Name, Name: group.Name}, err
	case "role":
		role, err := r.Role(ctx, name)
		return Target{Node: access.Node{Type: braintrust.ObjectRole, ID: role.ID}, Ref: "role:" + role.Name, Name: role.Name}, err
	}
	return r.byType(ctx, prefix, name)
}

// byType handles playground:ID and TYPE:UUID, which the API cannot look up by name.
func (r *Resolver) byType(ctx context.Context, prefix, name string) (Target, error) {
	objectType := braintrust.ObjectType(strings.ReplaceAll(prefix, "-", "_"))
	if prefix == "playground" {
		objectType = braintrust.ObjectPromptSession
	}
	if !IsUUID(name) {
		if prefix == "playground" {
			return Target{}, exit.BadInputf("playground %q: the API cannot list playgrounds, so give the id", name).
				WithHint("the id is in the playground's web address: playground:UUID")
		}
		return Target{}, badRef(prefix + ":" + name)
	}
	id := strings.ToLower(name)
	if access.IsOwn(objectType) {
		if err := r.ours(ctx, prefix, id, id); err != nil {
			return Target{}, err
		}
	}
	return Target{Node: access.Node{Type: objectType, ID: id}, Ref: prefix + ":" + id}, nil
}

// badRef is the error for something that is no reference, with the nearest form.
func badRef(ref string) error {
	err := exit.BadInputf("%q is not a reference to an object", ref)
	prefix, rest, _ := strings.Cut(ref, ":")
	near := text.Nearest(prefix, []string{
		"organization", "all-projects", "members", "audit-logs", "project", "experiment", "dataset", "prompt", "function",
		"playground", "logs", "group", "role",
	})
	switch {
	case len(near) == 0:
		return err.WithHint("for example project:NAME or experiment:PROJECT/NAME (btadmin help references)")
	case rest == "":
		return err.WithHint("did you mean %q? btadmin help references lists the forms", near[0])
	}
	return err.WithHint("did you mean %q?", near[0]+":"+rest)
}

// Principal resolves user:EMAIL, group:NAME, service-account:NAME, sa:NAME, or a bare e-mail, name or
// UUID that names exactly one of them.
func (r *Resolver) Principal(ctx context.Context, ref string) (Named, error) {
	prefix, name, found := strings.Cut(ref, ":")
	if found {
		switch prefix {
		case "user", "member":
			return r.userPrincipal(ctx, name)
		case "group":
			return r.groupPrincipal(ctx, name)
		case "service-account", "sa", "service_account":
			account, err := r.ServiceAccount(ctx, name)
			return Named{Principal: access.Principal{Kind: access.PrincipalUser, ID: account.User.ID}, Ref: "service-account:" + account.Name, Name: account.Name}, err
		}
	}
	if strings.Contains(ref, "@") {
		return r.userPrincipal(ctx, ref)
	}
	return r.barePrincipal(ctx, ref)
}

// Named is a principal and how to call it.
type Named struct {
	Principal access.Principal
	Ref       string // group:QA, user:ana@example.com, service-account:ci
	Name      string
}

func (r *Resolver) userPrincipal(ctx context.Context, name string) (Named, error) {
	user, err := r.User(ctx, name)
	if err != nil {
		return Named{}, err
	}
	return Named{Principal: access.Principal{Kind: access.PrincipalUser, ID: user.ID}, Ref: "user:" + UserLabel(user), Name: UserLabel(user)}, nil
}

func (r *Resolver) groupPrincipal(ctx context.Context, name string) (Named, error) {
	group, err := r.Group(ctx, name)
	if err != nil {
		return Named{}, err
	}
	return Named{Principal: access.Principal{Kind: access.PrincipalGroup, ID: group.ID}, Ref: "group:" + group.Name, Name: group.Name}, nil
}

// barePrincipal tries a name without a prefix as each kind; two kinds that both know it are an
// ambiguity, not a guess.
func (r *Resolver) barePrincipal(ctx context.Context, name string) (Named, error) {
	var matches []Named
	var firstErr, several error
	for _, try := range []func(context.Context, string) (Named, error){
		r.groupPrincipal,
		r.userPrincipal,
		func(ctx context.Context, name string) (Named, error) {
			return r.Principal(ctx, "service-account:"+name)
		},
	} {
		found, err := try(ctx, name)
		if err == nil {
			if len(matches) == 0 || matches[0].Principal != found.Principal {
				matches = append(matches, found)
			}
			continue
		}
		if !isBadInput(err) {
			return Named{}, err
		}
		if errors.Is(err, errAmbiguous) {
			several = err
		}
		if firstErr == nil {
			firstErr = err
		}
	}
	switch {
	case several != nil && len(matches) > 0:
		return Named{}, exit.BadInputf("%q is ambiguous: %s (%s); %w", name, matches[0].Ref, matches[0].Principal.ID, several).
			WithHint("say which: %s, or an id", matches[0].Ref)
	case several != nil:
		return Named{}, several
	case len(matches) == 1:
		return matches[0], nil
	case len(matches) == 0:
		return Named{}, exit.BadInputf("no group, member or service account %q", name).
			WithHint("write group:NAME, user:EMAIL or sa:NAME; %s", hintOf(firstErr, "btadmin groups list shows the groups"))
	}
	refs := make([]string, len(matches))
	for i, m := range matches {
		refs[i] = fmt.Sprintf("%s (%s)", m.Ref, m.Principal.ID)
	}
	return Named{}, exit.BadInputf("%q is ambiguous: %s", name, strings.Join(refs, "; ")).WithHint("say which: %s", matches[0].Ref)
}

// UserLabel is how a member is shown: the e-mail, else the name, else the id.
func UserLabel(u braintrust.User) string {
	if u.Email != "" {
		return u.Email
	}
	if name := FullName(u); name != "" {
		return name
	}
	return u.ID
}
