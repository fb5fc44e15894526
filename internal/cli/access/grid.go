package access

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"btadmin/internal/orgview"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/diff"
	"btadmin/pkg/braintrust"
)

// grid is a matrix that is computed while it is read: only the names of its sides are held.
type grid struct {
	v          *orgview.View
	engine     *compiled.Engine
	by         string
	others     []braintrust.Permission // that no mask holds
	principals []who
	number     map[access.Principal]int
	blocks     []block
	few        map[access.Principal][]int // the single objects on which a principal itself is granted something
}

// who is a principal, looked up.
type who struct {
	access.Principal
	compiled.Subject
}

// block is an object with the things in it: places that follow each other.
type block struct {
	node     access.Node
	places   []diff.Place
	lookedUp []compiled.Place
	above    compiled.Place // what contains a single object: its own row is only for what is more than that
	single   bool
	granted  []access.Principal // who is granted something on a single object
}

func newGrid(v *orgview.View, by string) *grid {
	g := &grid{
		v: v, engine: v.Engine(), by: by, others: v.Engine().OtherPermissions(),
		number: map[access.Principal]int{}, few: map[access.Principal][]int{},
	}
	if by != byGroup {
		for _, m := range v.Members.All {
			g.addPrincipal(access.Principal{Kind: access.PrincipalUser, ID: m.User.ID})
		}
	}
	for _, id := range v.State().Groups() {
		g.addPrincipal(access.Principal{Kind: access.PrincipalGroup, ID: id})
	}
	slices.SortStableFunc(g.principals, func(a, b who) int {
		return cmp.Or(-strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(v.Names().Principal(a.Principal), v.Names().Principal(b.Principal)))
	})
	for i, w := range g.principals {
		g.number[w.Principal] = i
	}
	g.addBlocks()
	return g
}

func (g *grid) addPrincipal(p access.Principal) {
	if subject, known := g.engine.Subject(p); known {
		g.principals = append(g.principals, who{p, subject})
	}
}

func (g *grid) addBlocks() {
	places, parents := diff.Places(g.v.Snapshot)
	at := map[access.Node]int{}
	for i, p := range places {
		n, known := at[p.Node]
		if !known {
			n = len(g.blocks)
			at[p.Node] = n
			b := block{node: p.Node, single: single(p.Node.Type), above: compiled.Nowhere()}
			if parents[i] >= 0 {
				b.above = g.lookUp(places[parents[i]])
			}
			g.blocks = append(g.blocks, b)
		}
		b := &g.blocks[n]
		b.places, b.lookedUp = append(b.places, p), append(b.lookedUp, g.lookUp(p))
	}
	byName(g.blocks, func(b block) (access.Node, string) { return b.node, g.v.Names().Node(b.node) })
	for n := range g.blocks {
		at[g.blocks[n].node] = n
	}
	for i := range g.v.Snapshot.ACLs {
		item := g.v.Snapshot.ACLs[i].ACLItem
		n, known := at[access.NodeOf(item)]
		if p := access.PrincipalOf(item); known && g.blocks[n].single && !slices.Contains(g.blocks[n].granted, p) {
			g.blocks[n].granted = append(g.blocks[n].granted, p)
			g.few[p] = append(g.few[p], n)
		}
	}
}

func (g *grid) lookUp(p diff.Place) compiled.Place {
	one := partOf(p, "")
	at, exists := g.engine.Place(one.node)
	if one.child != "" {
		at, exists = g.engine.Inside(one.node, one.child)
	}
	if !exists {
		return compiled.Nowhere()
	}
	return at
}

// single reports whether a node is one of the many that mostly have what everything of their type has.
func single(t braintrust.ObjectType) bool {
	return t != braintrust.ObjectProject && !access.IsOwn(t)
}

// rows yields the cells in which anything is held.
func (g *grid) rows(ctx context.Context) iter.Seq2[cell, error] {
	return func(yield func(cell, error) bool) {
		lines := g.byPrincipal
		outer := len(g.principals)
		if g.by == byProject {
			lines, outer = g.byBlock, len(g.blocks)
		}
		for i := range outer {
			if err := ctx.Err(); err != nil {
				yield(cell{}, err)
				return
			}
			for w, b := range lines(i) {
				if c, any := g.cell(&g.principals[w], &g.blocks[b]); any && !yield(c, nil) {
					return
				}
			}
		}
	}
}

// byBlock lists whom to ask about a block: everybody, and about a single object those whom grants on it reach.
func (g *grid) byBlock(b int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		if !g.blocks[b].single {
			for w := range g.principals {
				if !yield(w, b) {
					return
				}
			}
			return
		}
		var reached []int
		add := func(kind access.PrincipalKind, id string) {
			if w, known := g.number[access.Principal{Kind: kind, ID: id}]; known {
				reached = append(reached, w)
			}
		}
		for _, p := range g.blocks[b].granted {
			if p.Kind == access.PrincipalUser {
				add(p.Kind, p.ID)
				continue
			}
			for _, id := range g.v.State().UsersOf(p.ID) {
				add(access.PrincipalUser, id)
			}
			for _, id := range g.v.State().GroupsIn(p.ID) {
				add(access.PrincipalGroup, id)
			}
		}
		slices.Sort(reached)
		for _, w := range slices.Compact(reached) {
			if !yield(w, b) {
				return
			}
		}
	}
}

// byPrincipal lists the blocks to ask about somebody: all but the single objects on which nothing is granted to
// anybody whose grants he receives.
func (g *grid) byPrincipal(w int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		var objects []int
		for _, p := range g.v.State().Trace(g.principals[w].Principal).Subjects() {
			objects = append(objects, g.few[p]...)
		}
		slices.Sort(objects)
		objects = slices.Compact(objects)
		for b := range g.blocks {
			if !g.blocks[b].single {
				if !yield(w, b) {
					return
				}
				continue
			}
			if len(objects) > 0 && objects[0] == b {
				objects = objects[1:]
				if !yield(w, b) {
					return
				}
			}
		}
	}
}

// cell computes one cell; false when nothing is held, or on a single object no more than on its kind.
func (g *grid) cell(w *who, b *block) (cell, bool) {
	var c cell
	any := false
	lanes := compiled.Lanes{}
	project := b.node.Type == braintrust.ObjectProject
	if project {
		lanes = g.engine.Lanes(w.Subject, b.lookedUp[0])
	}
	for i, p := range b.places {
		mask, hasLane := compiled.Mask(0), false
		if t := p.Child; project && t != braintrust.ObjectProjectLog {
			if t == "" {
				t = braintrust.ObjectProject
			}
			mask, hasLane = lanes.Of(t)
		}
		if !hasLane {
			mask = g.engine.Mask(w.Subject, b.lookedUp[i])
		}
		if p.Child == "" && p.Node.Type == braintrust.ObjectOrgProject {
			mask = g.projects(w, b, mask)
		}
		if b.single && mask&^g.engine.Mask(w.Subject, b.above) == 0 && len(g.others) == 0 {
			return cell{}, false
		}
		given := mask.Permissions()
		if len(g.others) > 0 {
			given = append(given, held(g.engine, w.Principal, p, g.others)...)
		}
		if len(given) == 0 {
			continue
		}
		if !any {
			any = true
			c = g.start(w, b)
		}
		if p.Child == "" {
			c.Access = given
		} else {
			c.Inside[p.Child] = given
		}
	}
	return c, any
}

// projects is what is held on all projects, where to create is to create projects.
func (g *grid) projects(w *who, b *block, mask compiled.Mask) compiled.Mask {
	create := compiled.MaskOf(braintrust.PermissionCreate)
	for i, p := range b.places {
		if p.Child == braintrust.ObjectProject {
			return mask&^create | g.engine.Mask(w.Subject, b.lookedUp[i])&create
		}
	}
	return mask
}

func (g *grid) start(w *who, b *block) cell {
	return cell{
		Access: []braintrust.Permission{}, Inside: map[braintrust.ObjectType][]braintrust.Permission{},
		Principal: g.v.Names().Principal(w.Principal), PrincipalType: string(w.Kind), PrincipalID: w.ID, PrincipalKind: kindOf(g.v, w.Principal),
		Object: g.v.Names().Node(b.node), ObjectType: string(b.node.Type), ObjectID: b.node.ID,
	}
}
