package sandbox

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/sync/errgroup"

	"btadmin/internal/sandbox/store"
	"btadmin/pkg/braintrust"
)

// load reads a world back from the store; nil when the store is empty.
func load(reg *registry, st *store.Store) (*world, error) {
	var records []store.Record
	if err := st.Load(func(r store.Record) error {
		records = append(records, r)
		return nil
	}); err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, nil
	}
	rows, err := fillAll(reg, records)
	if err != nil {
		return nil, err
	}
	var m meta
	var org braintrust.Organization
	var metaSeq uint64
	for _, rec := range records {
		switch rec.Kind {
		case kindMeta:
			metaSeq = rec.Seq
			err = json.Unmarshal(rec.Body, &m)
		case kindOrganization:
			err = json.Unmarshal(rec.Body, &org)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the sandbox store: %w", err)
		}
	}
	if m.OrgID == "" || org.ID != m.OrgID {
		return nil, fmt.Errorf("the store has no organization: %w", store.ErrCorrupt)
	}
	w := newWorld(reg, org)
	w.meta, w.metaSeq = m, metaSeq
	for i, rec := range records {
		w.nextSeq = rec.Seq + 1
		switch rec.Kind {
		case kindMeta:
		case kindMember:
			group, user, _ := strings.Cut(rec.ID, "/")
			if w.members[group] == nil {
				return nil, fmt.Errorf("a member of the unknown group %s: %w", group, store.ErrCorrupt)
			}
			w.members[group].add(user, rec.Seq)
			if w.tables[kindGroup].live(group) != nil {
				w.access.AddMember(group, user)
			}
		default:
			if err := w.take(rows[i]); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// fillAll decodes the bodies on all processors: it is most of the work of starting.
func fillAll(reg *registry, records []store.Record) ([]*row, error) {
	rows := make([]*row, len(records))
	var group errgroup.Group
	const part = 8192
	for from := 0; from < len(records); from += part {
		group.Go(func() error {
			for i := from; i < min(from+part, len(records)); i++ {
				rec := records[i]
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
				rows[i] = r
			}
			return nil
		})
	}
	return rows, group.Wait()
}
