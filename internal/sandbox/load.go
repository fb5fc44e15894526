package sandbox

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"btadmin/internal/parallel"
	"btadmin/internal/sandbox/store"
	"btadmin/pkg/braintrust"
)

// batchSize is how many records are decoded at a time, while the next ones are being read.
const batchSize = 4096

// loading is a part of the store on its way into memory.
type loading struct {
	records []store.Record
	rows    []*row
	decoded chan error // one answer
}

// load reads a world back from the store; nil when the store is empty. Reading, decoding and indexing go on at the
// same time, each in the order of the rows.
func load(reg *registry, st *store.Store) (*world, error) {
	var group parallel.Group
	parts := make(chan *loading, 4)
	group.Go(func() error {
		defer close(parts)
		return readParts(reg, st, parts)
	})
	l := &loader{reg: reg}
	group.Go(func() error {
		var first error
		for p := range parts { // to the end, or the reader would wait for ever
			if err := <-p.decoded; first == nil {
				first = err
			}
			if first == nil {
				first = l.take(p)
			}
		}
		return first
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return l.world, l.complete()
}

func readParts(reg *registry, st *store.Store, parts chan<- *loading) error {
	p := &loading{decoded: make(chan error, 1)}
	send := func() {
		go func(p *loading) { p.decoded <- p.decode(reg) }(p)
		parts <- p
		p = &loading{decoded: make(chan error, 1)}
	}
	err := st.Load(func(r store.Record) error {
		if p.records = append(p.records, r); len(p.records) == batchSize {
			send()
		}
		return nil
	})
	if err == nil && len(p.records) > 0 {
		send()
	}
	return err
}

func (p *loading) decode(reg *registry) error {
	p.rows = make([]*row, len(p.records))
	for i, rec := range p.records {
		if rec.Kind == kindMeta || rec.Kind == kindMember {
			continue
		}
		res := reg.byKind[rec.Kind]
		if res == nil {
			return fmt.Errorf("a row of the unknown kind %q: %w", rec.Kind, store.ErrCorrupt)
		}
		r := &row{seq: rec.Seq, kind: rec.Kind, id: rec.ID, hidden: rec.Hidden, body: rec.Body, private: rec.Private}
		if err := res.fill(r); err != nil {
			return fmt.Errorf("reading %s %s: %w (%v)", rec.Kind, rec.ID, store.ErrCorrupt, err)
		}
		p.rows[i] = r
	}
	return nil
}

// loader puts rows into a world, which begins with the first two: the store's own and the organization's.
type loader struct {
	reg     *registry
	world   *world
	meta    meta
	metaSeq uint64
}

func (l *loader) take(p *loading) error {
	for i, rec := range p.records {
		if err := l.takeOne(rec, p.rows[i]); err != nil {
			return err
		}
		if l.world != nil {
			l.world.nextSeq = rec.Seq + 1
		}
	}
	return nil
}

func (l *loader) takeOne(rec store.Record, r *row) error {
	switch {
	case rec.Kind == kindMeta:
		l.metaSeq = rec.Seq
		if err := json.Unmarshal(rec.Body, &l.meta); err != nil {
			return fmt.Errorf("reading the sandbox store: %w (%v)", store.ErrCorrupt, err)
		}
		return nil
	case rec.Kind == kindOrganization && l.world == nil:
		l.world = newWorld(l.reg, *r.value.(*braintrust.Organization))
		l.world.meta, l.world.metaSeq = l.meta, l.metaSeq
	case l.world == nil:
		return fmt.Errorf("the store does not begin with an organization: %w", store.ErrCorrupt)
	case rec.Kind == kindMember:
		return l.takeMember(rec)
	}
	return l.world.take(r)
}

func (l *loader) takeMember(rec store.Record) error {
	group, user, _ := strings.Cut(rec.ID, "/")
	m := l.world.members[group]
	if m == nil {
		return fmt.Errorf("a member of the unknown group %s: %w", group, store.ErrCorrupt)
	}
	m.add(user, rec.Seq)
	if l.world.tables[kindGroup].live(group) != nil {
		l.world.access.AddMember(group, user)
	}
	return nil
}

// complete checks that there is an organization, unless there is nothing at all.
func (l *loader) complete() error {
	switch {
	case l.world == nil && l.metaSeq == 0:
		return nil
	case l.world == nil || l.meta.OrgID == "" || l.world.organization() == nil:
		return fmt.Errorf("the store has no organization: %w", store.ErrCorrupt)
	}
	return nil
}
