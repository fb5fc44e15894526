package peers_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/access/openfga"
	"btadmin/pkg/braintrust"
	"btadmin/test/oracle/cedar"
	"btadmin/test/oracle/fga"
)

// What is asked about: reading, which half of all grants give.
const permission = braintrust.PermissionRead

// How many questions each engine is asked; an enumeration is a question about everybody or everything.
const (
	ourChecks   = 200_000
	ourLists    = 2_000
	cedarChecks = 5_000
	fgaChecks   = 1_000
	fgaLists    = 10
	enumerated  = 3
)

// BenchmarkBesidePeers measures once and prints one table. btadmin is measured at all sizes, the others at S and M, and
// single checks of cedar-go at L; with -short, everybody at S.
func BenchmarkBesidePeers(b *testing.B) {
	var rows []row
	sizes := synthetic.Sizes()
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, size := range sizes {
		s := synthetic.Organization(size, 1)
		s.Complete = true
		c := &comparison{B: b, size: size.Name, s: s, random: rand.New(rand.NewPCG(3, 4))}
		c.questions()
		c.ours()
		if size.Name == synthetic.Large().Name {
			c.cedar(false)
		} else {
			c.cedar(true)
			c.openFGA()
		}
		rows = append(rows, c.rows[:]...)
	}
	slices.SortStableFunc(rows, func(x, y row) int { return slices.Index(measures(), x.what) - slices.Index(measures(), y.what) })
	fmt.Fprint(os.Stdout, "\n", table(rows), "\n")
}

// The rows of the table.
const (
	build = iota
	memory
	checkP50
	checkP99
	whoCan
	list
	matrix
	whatIf
	count
)

func measures() []string {
	return []string{
		"build from records", "memory", "check, p50", "check, p99", "who can read it (mean)", "what can he read (mean)",
		"everybody on everything, 8 permissions", "one grant less, then one check",
	}
}

// comparison is one organization and what was measured on it.
type comparison struct {
	*testing.B
	size   string
	s      *access.Snapshot
	random *rand.Rand
	asked  []question
	nodes  []access.Node
	engine *compiled.Engine
	rows   [count]row
}

type question struct {
	p access.Principal
	n access.Node
}

func (c *comparison) questions() {
	for i := range c.rows {
		c.rows[i] = row{what: measures()[i], size: c.size}
	}
	c.nodes = append(c.nodes, access.Node{Type: braintrust.ObjectOrganization, ID: c.s.Organization.ID})
	for _, t := range []braintrust.ObjectType{"org_project", "org_member", "org_audit_logs", "org_ai_secret"} {
		c.nodes = append(c.nodes, access.Node{Type: t, ID: c.s.Organization.ID})
	}
	for _, p := range c.s.Projects {
		c.nodes = append(c.nodes, access.Node{Type: braintrust.ObjectProject, ID: p.ID}, access.Node{Type: braintrust.ObjectProjectLog, ID: p.ID})
	}
	for _, g := range c.s.Groups {
		c.nodes = append(c.nodes, access.Node{Type: braintrust.ObjectGroup, ID: g.ID})
	}
	for _, r := range c.s.Roles {
		c.nodes = append(c.nodes, access.Node{Type: braintrust.ObjectRole, ID: r.ID})
	}
	for _, g := range c.s.ProjectGroups {
		c.nodes = append(c.nodes, access.Node{Type: braintrust.ObjectProjectGroup, ID: g.ID})
	}
	for _, o := range c.s.Objects {
		c.nodes = append(c.nodes, o.Node())
	}
	for range ourChecks {
		user := c.s.Users[c.random.IntN(len(c.s.Users))].ID
		c.asked = append(c.asked, question{access.Principal{Kind: access.PrincipalUser, ID: user}, c.nodes[c.random.IntN(len(c.nodes))]})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// built measures making something and what it holds.
func built(make func()) (took, holds figure) {
	before := heap()
	make()
	holds = figure{bytes: heap() - before}
	return mean(1, func(int) { make() }), holds
}

// quantiles are of single questions, or of the means of batches where a question is shorter than reading the clock.
// Each question counts with the best of three times.
func quantiles(n, batch int, ask func(i int)) (p50, p99 figure) {
	spent := make([]time.Duration, n/batch)
	for try := range 3 {
		for i := range spent {
			start := time.Now()
			for j := range batch {
				ask(i*batch + j)
			}
			if took := time.Since(start) / time.Duration(batch); try == 0 || took < spent[i] {
				spent[i] = took
			}
		}
	}
	slices.Sort(spent)
	return figure{took: spent[len(spent)/2]}, figure{took: spent[len(spent)*99/100]}
}

// mean is of n questions: the best of five times, fewer for what takes long, because other work on the machine can
// only make it slower.
func mean(n int, ask func(i int)) figure {
	var best time.Duration
	begin := time.Now()
	for try := 0; try == 0 || try < 5 && time.Since(begin) < patience; try++ {
		start := time.Now()
		for i := range n {
			ask(i)
		}
		if took := time.Since(start) / time.Duration(n); try == 0 || took < best {
			best = took
		}
	}
	return figure{took: best}
}

// patience is how long a measurement is repeated.
const patience = 4 * time.Second

func (c *comparison) ours() {
	var took [count]figure
	took[build], took[memory] = built(func() { c.engine = compiled.Compile(c.s, compiled.WithImplied()) })
	took[checkP50], took[checkP99] = quantiles(len(c.asked), 10, func(i int) { c.engine.Check(c.asked[i].p, permission, c.asked[i].n) })
	took[whoCan] = mean(ourLists, func(i int) {
		for range c.engine.WhoCan(permission, c.asked[i].n, compiled.Users) {
		}
	})
	for range c.engine.List(c.asked[0].p, compiled.MaskOf(permission)) {
		break // what lists need is made once
	}
	took[list] = mean(ourLists, func(i int) {
		for range c.engine.List(c.asked[i].p, compiled.MaskOf(permission)) {
		}
	})
	took[matrix] = mean(1, func(int) {
		for range c.engine.Matrix(compiled.Users) {
		}
	})
	took[whatIf] = mean(3, func(i int) {
		after, err := c.engine.With(compiled.Change{Remove: []braintrust.ACLItem{c.s.ACLs[len(c.s.ACLs)/2+i].ACLItem}})
		if err != nil {
			c.Fatal(err)
		}
		after.Check(c.asked[i].p, permission, c.asked[i].n)
	})
	for i := range c.rows {
		c.rows[i].ours = took[i]
	}
}

// cedar measures cedar-go; lists at L would take hours.
func (c *comparison) cedar(lists bool) {
	var other *cedar.Organization
	var took [count]figure
	took[build], took[memory] = built(func() {
		var err error
		if other, err = cedar.New(c.s, nil); err != nil { // these organizations list the grants of built-in groups
			c.Fatal(err)
		}
	})
	check := func(p access.Principal, n access.Node) bool {
		yes, err := other.Check(p, permission, n)
		if err != nil {
			c.Fatal(err)
		}
		return yes
	}
	answers := make([]bool, cedarChecks)
	took[checkP50], took[checkP99] = quantiles(cedarChecks, 1, func(i int) { answers[i] = check(c.asked[i].p, c.asked[i].n) })
	c.agree("cedar-go", answers)
	measured := []int{build, memory, checkP50, checkP99}
	if lists {
		c.cedarLists(&took, check)
		measured = append(measured, whoCan, list, matrix)
	}
	for _, i := range measured {
		c.rows[i].cedar, c.rows[i].hasCedar = took[i], true
	}
}

// cedarLists asks about everybody and everything, because cedar-go answers nothing else.
func (c *comparison) cedarLists(took *[count]figure, check func(access.Principal, access.Node) bool) {
	took[whoCan] = mean(enumerated, func(i int) {
		found := 0
		for _, u := range c.s.Users {
			if check(access.Principal{Kind: access.PrincipalUser, ID: u.ID}, c.asked[i].n) {
				found++
			}
		}
		if want := len(c.holders(c.asked[i].n)); found != want {
			c.Errorf("cedar-go names %d for %v, btadmin %d", found, c.asked[i].n, want)
		}
	})
	took[list] = mean(enumerated, func(i int) {
		for _, n := range c.nodes {
			if got := check(c.asked[i].p, n); got != c.engine.Check(c.asked[i].p, permission, n) {
				c.Errorf("cedar-go says %v: %v on %v", got, c.asked[i].p, n)
			}
		}
	})
	took[matrix] = figure{took: time.Duration(float64(took[list].took) * float64(len(c.s.Users)) * 8), extrapolated: true}
}

// agree compares answers to the first questions with ours.
func (c *comparison) agree(name string, answers []bool) {
	for i, got := range answers {
		if want := c.engine.Check(c.asked[i].p, permission, c.asked[i].n); got != want {
			c.Errorf("%s says %v, btadmin %v: %v on %v", name, got, want, c.asked[i].p, c.asked[i].n)
		}
	}
}

func (c *comparison) holders(n access.Node) []string {
	var all []string
	for p := range c.engine.WhoCan(permission, n, compiled.Users) {
		all = append(all, openfga.ID(p.ID))
	}
	slices.Sort(all)
	return all
}

func (c *comparison) openFGA() {
	var took [count]figure
	c.wholeStore(&took)
	store := openfga.Export(c.s, openfga.Only(permission), openfga.Compact(), openfga.Flat())
	server, err := fga.Start(c.Context(), store)
	if err != nil {
		c.Fatal(err)
	}
	defer server.Close()
	server.Load(store.Tuples)
	answers := make([]bool, fgaChecks)
	took[checkP50], took[checkP99] = quantiles(fgaChecks, 1, func(i int) {
		if answers[i], err = server.Check(c.Context(), openfga.Check(c.asked[i].p, permission, c.asked[i].n)); err != nil {
			c.Fatal(err)
		}
	})
	c.agree("OpenFGA", answers)
	took[whoCan] = mean(fgaLists, func(i int) {
		n := c.asked[i].n
		got, err := server.Users(c.Context(), string(permission), openfga.TypeName(n.Type), openfga.ID(n.ID))
		if err != nil {
			c.Fatal(err)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.holders(n)) {
			c.Errorf("OpenFGA names %d for %v, btadmin %d", len(got), n, len(c.holders(n)))
		}
	})
	took[list] = mean(fgaLists, func(i int) { c.listOpenFGA(server, c.asked[i].p) })
	took[matrix] = figure{took: time.Duration(float64(took[list].took) * float64(len(c.s.Users)) * 8), extrapolated: true}
	for _, i := range []int{build, memory, checkP50, checkP99, whoCan, list, matrix} {
		c.rows[i].fga, c.rows[i].hasFGA = took[i], true
	}
}

// wholeStore measures making a server with all permissions; the export was written before.
func (c *comparison) wholeStore(took *[count]figure) {
	whole := openfga.Export(c.s, openfga.Compact(), openfga.Flat())
	var server *fga.Server
	took[build], took[memory] = built(func() {
		if server != nil {
			server.Close()
		}
		var err error
		if server, err = fga.Start(c.Context(), whole); err != nil {
			c.Fatal(err)
		}
		server.Load(whole.Tuples)
	})
	server.Close()
}

// listOpenFGA asks a type at a time, because OpenFGA lists one.
func (c *comparison) listOpenFGA(server *fga.Server, p access.Principal) {
	var got, want []string
	types := map[braintrust.ObjectType]bool{}
	for _, n := range c.nodes {
		types[n.Type] = true
	}
	for t := range types {
		objects, err := server.Objects(c.Context(), "user:"+openfga.ID(p.ID), string(permission), openfga.TypeName(t))
		if err != nil {
			c.Fatal(err)
		}
		got = append(got, objects...)
	}
	for n := range c.engine.List(p, compiled.MaskOf(permission)) {
		want = append(want, openfga.TypeName(n.Type)+":"+openfga.ID(n.ID))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		c.Errorf("OpenFGA lists %d for %v, btadmin %d", len(got), p, len(want))
	}
}
