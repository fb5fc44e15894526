package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/orgstate"
	"btadmin/internal/resolve"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// apply brings the organization to what every test here wants: so many groups, each with two members and four grants
// on projects. It is planned anew each time, as a document is.
func apply(ctx context.Context, c *braintrust.Client, dir string, groups int) (*change.Result, error) {
	plan, err := planFor(ctx, c, groups)
	if err != nil || len(plan.Steps) == 0 {
		return &change.Result{}, err
	}
	r := &change.Runner{
		Client: c, Names: resolve.New(c).Seen(),
		Caller: func(ctx context.Context) (orgstate.Caller, error) {
			return orgstate.WhoAmI(ctx, c, braintrust.NewSecret(key))
		},
		Journal: func(host, org string) (*journal.Journal, error) { return journal.Open(journal.Folder(dir, host, org)) },
	}
	review, err := r.Review(ctx, plan)
	if err != nil {
		return nil, err
	}
	return r.Run(ctx, review)
}

// planFor is what is missing.
func planFor(ctx context.Context, c *braintrust.Client, groups int) (change.Plan, error) {
	org, err := resolve.New(c).Organization(ctx)
	if err != nil {
		return change.Plan{}, err
	}
	base, err := orgstate.Load(ctx, c, org, orgstate.Need{Users: true, Groups: true, Roles: true, Tokens: true, AllACLs: true, Projects: true})
	if err != nil {
		return change.Plan{}, err
	}
	plan := change.Plan{Host: "faults", Org: org, Base: base}
	grants := &change.AddACLs{}
	for i := range groups {
		name := fmt.Sprintf("team-%04d", i)
		members := []string{base.Users[i%len(base.Users)].ID, base.Users[(i+1)%len(base.Users)].ID}
		id := change.New("group", name)
		at := slices.IndexFunc(base.Groups, func(g braintrust.Group) bool { return g.Name == name })
		if at < 0 {
			plan.Steps = append(plan.Steps, &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: name, MemberUsers: members}})
		} else {
			id = base.Groups[at].ID
		}
		node := access.Node{Type: braintrust.ObjectProject, ID: base.Projects[i%len(base.Projects)].ID}
		for _, permission := range braintrust.Permissions()[:4] {
			item := access.GrantItem(access.Principal{Kind: access.PrincipalGroup, ID: id}, node, access.Tuple{Permission: permission})
			if !slices.ContainsFunc(base.ACLs, func(a braintrust.ACL) bool { return a.ACLItem == item }) {
				grants.Items = append(grants.Items, item)
			}
		}
	}
	if len(grants.Items) > 0 {
		plan.Steps = append(plan.Steps, grants)
	}
	return plan, nil
}

// applyAlone is apply as a process of its own, which can be interrupted and killed.
func applyAlone() int {
	groups, err := strconv.Atoi(os.Getenv("FAULTS_APPLY"))
	if err != nil {
		return 64
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c, err := braintrust.New(braintrust.Config{BaseURL: "http://" + os.Getenv("FAULTS_ADDRESS"), Key: braintrust.NewSecret(key)})
	if err != nil {
		return 64
	}
	_, err = apply(ctx, c, os.Getenv("FAULTS_DIR"), groups)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	var partial *change.PartialError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &partial):
		return 5
	case errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}
