package orgstate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"btadmin/internal/parallel"
	"btadmin/pkg/braintrust"
)

// splitAt is from how many grants on their list is read in several places at once; sampled is from how many groups
// the places are found, and places how many there are.
const (
	splitAt = 5000
	sampled = 3
	places  = 6
)

// errMoved says that the pieces of the list do not fit together.
var errMoved = errors.New("the list changed while it was read, so that it would not be complete; try again")

// piece is a part of the list of grants: what comes after one of the places, up to the next.
type piece struct {
	grants []braintrust.ACL
	next   string // the place where the next piece begins, "" at the end of the list
}

// orgGrants reads the list of all grants. A page's cursor is the last grant of the page before, so that one reader
// is slow in a large organization. Once splitAt grants have been read, more readers start at grants that are known
// to be further down, and each goes on until it meets the beginning of another. The pieces are then put in a row
// from first to last: as in one reading, nothing can be missing between them, whatever types of object there are,
// and no filter has to be known to the server (docs/adr/0012).
func (w *whole) orgGrants(ctx context.Context) ([]braintrust.ACL, error) {
	var head piece
	var rest map[string]*piece
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, inner := parallel.WithContext(ctx)
	for acl, err := range w.client.OrgACLs(inner, braintrust.ACLFilter{}) {
		if err != nil {
			cancel()
			if first := work.Wait(); first != nil && !errors.Is(first, context.Canceled) {
				return nil, first // ended the head as well
			}
			return nil, err
		}
		if rest[acl.ID] != nil {
			head.next = acl.ID
			break
		}
		head.add(acl, w.extent.Rows)
		if len(head.grants) == splitAt {
			starts, err := w.starts(inner, head.grants)
			if err != nil {
				return nil, err
			}
			rest = starts
			for id, p := range rest {
				work.Go(func() error {
					return p.read(w.client.OrgACLs(inner, braintrust.ACLFilter{After: id}), rest, w.extent.Rows)
				})
			}
		}
	}
	head.finish(w.extent.Rows)
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return join(head, rest)
}

func (p *piece) add(acl braintrust.ACL, rows func(int)) {
	p.grants = append(p.grants, acl)
	if len(p.grants)%rowsAtOnce == 0 {
		rows(rowsAtOnce)
	}
}

func (p *piece) finish(rows func(int)) { rows(len(p.grants) % rowsAtOnce) }

// read reads from a place to the beginning of another piece or the end of the list.
func (p *piece) read(list iter.Seq2[braintrust.ACL, error], starts map[string]*piece, rows func(int)) error {
	defer p.finish(rows)
	for acl, err := range list {
		if err != nil {
			return err
		}
		if starts[acl.ID] != nil {
			p.next = acl.ID
			return nil
		}
		p.add(acl, rows)
	}
	return nil
}

// starts finds grants further down the list, spread over it: those of a few groups, made at different times. Each
// begins a piece.
func (w *whole) starts(ctx context.Context, head []braintrust.ACL) (map[string]*piece, error) {
	select {
	case <-w.groupsRead:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	groups := w.s.Groups
	samples := make([][]braintrust.ACL, min(sampled, len(groups)))
	work, ctx := parallel.WithContext(ctx)
	for i := range samples {
		group := groups[(2*i+1)*len(groups)/(2*len(samples))]
		work.Go(func() (err error) {
			samples[i], err = w.client.OrgACLPage(ctx, braintrust.ACLFilter{GroupID: group.ID})
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("look for places to go on at: %w", err)
	}
	read := make(map[string]bool, len(head))
	for _, acl := range head {
		read[acl.ID] = true
	}
	found := slices.DeleteFunc(slices.Concat(samples...), func(acl braintrust.ACL) bool { return read[acl.ID] })
	slices.SortStableFunc(found, func(a, b braintrust.ACL) int { return b.Created.Compare(a.Created) })
	starts := map[string]*piece{}
	for i := range min(places, len(found)) {
		acl := found[(2*i+1)*len(found)/(2*min(places, len(found)))]
		starts[acl.ID] = &piece{grants: []braintrust.ACL{acl}}
	}
	return starts, nil
}

// join puts the pieces in a row and makes sure that each is in it once, and no grant twice.
func join(head piece, rest map[string]*piece) ([]braintrust.ACL, error) {
	all := head.grants
	joined := 0
	for next := head.next; next != ""; next = rest[next].next {
		if rest[next] == nil || joined == len(rest) {
			return nil, errMoved
		}
		joined++
		all = append(all, rest[next].grants...)
	}
	if joined != len(rest) {
		return nil, errMoved
	}
	if len(rest) == 0 {
		return all, nil // the client has looked for repetitions
	}
	seen := make(map[string]struct{}, len(all))
	for _, acl := range all {
		if _, twice := seen[acl.ID]; twice {
			return nil, errMoved
		}
		seen[acl.ID] = struct{}{}
	}
	return all, nil
}
