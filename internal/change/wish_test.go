package change_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"btadmin/internal/change"
	"btadmin/internal/change/journal"
	"btadmin/internal/orgstate"
	"btadmin/internal/sandbox"
	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// wish is an end state, as a document would say it: groups by name, their members, and what they may do on
// projects. It is what long runs are tested with.
type wish struct {
	groups map[string]wished
}

type wished struct {
	members []string // ids of users
	grants  []braintrust.ACLItem
}

// manyWorld has projects and users, and no groups but the built-in ones.
func manyWorld(t *testing.T, projects int) *world {
	t.Helper()
	return newWorldWith(t, sandbox.Options{NoCreatorGrants: true, Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 40, Projects: projects}})
}

// wishFor makes a wish of so many groups with so many grants in all, spread over the projects.
func (w *world) wishFor(groups, grants int) wish {
	w.t.Helper()
	projects, err := braintrust.Collect(w.client.Projects(w.t.Context(), braintrust.ProjectFilter{}))
	if err != nil {
		w.t.Fatal(err)
	}
	users, err := braintrust.Collect(w.client.Users(w.t.Context(), braintrust.UserFilter{}))
	if err != nil {
		w.t.Fatal(err)
	}
	out := wish{groups: map[string]wished{}}
	var tuples []access.Tuple
	for _, restrict := range []braintrust.ObjectType{"", braintrust.ObjectExperiment, braintrust.ObjectDataset} {
		for _, p := range []braintrust.Permission{"create", "read", "update", "delete"} {
			tuples = append(tuples, access.Tuple{Permission: p, Restrict: restrict})
		}
	}
	for g := range groups {
		name := fmt.Sprintf("team-%04d", g)
		one := wished{members: []string{users[g%len(users)].ID, users[(g+7)%len(users)].ID}}
		for i := range grants/groups + btoi(g < grants%groups) {
			node := access.Node{Type: braintrust.ObjectProject, ID: projects[(g+i/len(tuples))%len(projects)].ID}
			p := access.Principal{Kind: access.PrincipalGroup, ID: change.New("group", name)}
			one.grants = append(one.grants, access.GrantItem(p, node, tuples[i%len(tuples)]))
		}
		out.groups[name] = one
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// towards is the plan that leads from the organization as it is to a wish.
func (w *world) towards(want wish) (change.Plan, error) {
	all := orgstate.Need{Users: true, Groups: true, Roles: true, Tokens: true, AllACLs: true, Projects: true, Objects: true}
	base, err := orgstate.Load(w.t.Context(), w.client, w.org, all)
	if err != nil {
		return change.Plan{}, err
	}
	var creates, patches []change.Step
	add, remove := &change.AddACLs{}, &change.RemoveACLs{}
	for _, name := range slices.Sorted(maps.Keys(want.groups)) {
		wanted := want.groups[name]
		i := slices.IndexFunc(base.Groups, func(g braintrust.Group) bool { return g.Name == name })
		if i < 0 {
			creates = append(creates, &change.CreateGroup{GroupCreate: braintrust.GroupCreate{Name: name, MemberUsers: slices.Clone(wanted.members)}})
			add.Items = append(add.Items, wanted.grants...)
			continue
		}
		group := base.Groups[i]
		patch := braintrust.GroupPatch{AddMemberUsers: missing(wanted.members, group.MemberUsers), RemoveMemberUsers: missing(group.MemberUsers, wanted.members)}
		if len(patch.AddMemberUsers)+len(patch.RemoveMemberUsers) > 0 {
			patches = append(patches, &change.PatchGroup{Group: group, Patch: patch})
		}
		grants := bindTo(wanted.grants, group.ID)
		for _, item := range grants {
			if !slices.ContainsFunc(base.ACLs, func(a braintrust.ACL) bool { return a.ACLItem == item }) {
				add.Items = append(add.Items, item)
			}
		}
		for _, acl := range base.ACLs {
			if acl.GroupID == group.ID && !slices.Contains(grants, acl.ACLItem) {
				remove.ACLs = append(remove.ACLs, acl)
			}
		}
	}
	steps := append(creates, patches...)
	if len(add.Items) > 0 {
		steps = append(steps, add)
	}
	if len(remove.ACLs) > 0 {
		steps = append(steps, remove)
	}
	plan := w.plan(steps...)
	plan.Base = base
	return plan, nil
}

func bindTo(items []braintrust.ACLItem, group string) []braintrust.ACLItem {
	out := slices.Clone(items)
	for i := range out {
		out[i].GroupID = group
	}
	return out
}

func missing(want, have []string) []string {
	return slices.DeleteFunc(slices.Clone(want), func(id string) bool { return slices.Contains(have, id) })
}

// make plans and runs a wish, as a document is applied.
func (w *world) make(ctx context.Context, want wish) (*change.Result, error) {
	plan, err := w.towards(want)
	if err != nil {
		return nil, err
	}
	if len(plan.Steps) == 0 {
		return &change.Result{}, nil
	}
	review, err := w.Review(ctx, plan)
	if err != nil {
		return nil, err
	}
	return w.Run(ctx, review)
}

// wantExactly fails unless the organization is as wished: nothing missing, nothing twice, nothing too much.
func (w *world) wantExactly(want wish) {
	w.t.Helper()
	quiet := w.script.next
	w.script.next = w.server.Transport()
	defer func() { w.script.next = quiet }()
	plan, err := w.towards(want)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, step := range plan.Steps {
		for _, line := range step.Lines(w.Names) {
			w.t.Errorf("not as wished: %s", line)
		}
	}
	names := map[string]int{}
	for _, g := range plan.Base.Groups {
		names[g.Name]++
	}
	for name, n := range names {
		if n > 1 {
			w.t.Errorf("group %s is there %d times", name, n)
		}
	}
	items := map[braintrust.ACLItem]int{}
	for _, a := range plan.Base.ACLs {
		if items[a.ACLItem]++; items[a.ACLItem] > 1 {
			w.t.Errorf("the grant %v is there twice", a.ACLItem)
		}
	}
}

// chaos breaks a share of the requests, in one of five ways drawn from a seed.
type chaos struct {
	next   http.RoundTripper
	rate   float64
	mu     sync.Mutex
	draws  *rand.Rand
	writes int
	broken int
}

func (w *world) breaking(rate float64, seed uint64) *chaos {
	c := &chaos{next: w.server.Transport(), rate: rate, draws: rand.New(rand.NewPCG(seed, 1))}
	w.script.next = c
	return c
}

func (c *chaos) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	broken, way := c.draws.Float64() < c.rate, c.draws.IntN(5)
	if r.Method != http.MethodGet {
		c.writes++
	}
	if broken {
		c.broken++
	}
	c.mu.Unlock()
	if !broken {
		return c.next.RoundTrip(r)
	}
	switch way {
	case 0:
		return answered(r, http.StatusInternalServerError, "broken"), nil
	case 1:
		return answered(r, http.StatusServiceUnavailable, "broken"), nil
	case 2:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET} // before anything was done
	}
	res, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if way == 3 {
		return answered(r, http.StatusBadGateway, "broken"), nil
	}
	return nil, &net.OpError{Op: "read", Net: "tcp", Err: errors.Join(io.ErrUnexpectedEOF, syscall.ECONNRESET)}
}

func lineStrings(lines []change.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, l.String())
	}
	return strings.Join(out, "; ")
}

// base is the whole organization.
func (w *world) base() *access.Snapshot {
	w.t.Helper()
	plan, err := w.towards(wish{})
	if err != nil {
		w.t.Fatal(err)
	}
	return plan.Base
}

// userAt is one of the members.
func (w *world) userAt(i int) string {
	w.t.Helper()
	users, err := braintrust.Collect(w.client.Users(w.t.Context(), braintrust.UserFilter{}))
	if err != nil {
		w.t.Fatal(err)
	}
	return users[i].ID
}

// runs are those in the journal.
func (w *world) runs() []journal.Run {
	w.t.Helper()
	runs, damage, err := journal.Runs(w.journalDir())
	if err != nil || len(damage) > 0 || len(runs) == 0 {
		w.t.Fatalf("runs %v, damage %v, %v", runs, damage, err)
	}
	return runs
}
