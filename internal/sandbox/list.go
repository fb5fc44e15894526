package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// page is the part of a list that was asked for.
type page struct {
	limit  int // -1: no limit
	cursor *row
	back   bool // the rows before the cursor (ending_before), not after it
}

// experimentLimit is the one default that the API declares for a list.
const experimentLimit = 1000

// list answers GET /v1/<kind>.
func (res *resource) list(c *call) (answer, error) {
	if res.mayList != nil {
		if err := res.mayList(c); err != nil {
			return answer{}, err
		}
	}
	rows, err := c.selectRows(res, c.table(res.kind).rows, c.reader(res))
	if err != nil {
		return answer{}, err
	}
	return ok(res.objects(c.world, rows)...), nil
}

// objects is {"objects":[...]} without a copy of the bodies.
func (res *resource) objects(w *world, rows []*row) [][]byte {
	return res.array(w, `{"objects":[`, rows, `]}`)
}

func (res *resource) array(w *world, open string, rows []*row, end string) [][]byte {
	parts := make([][]byte, 0, 2*len(rows)+2)
	parts = append(parts, []byte(open))
	comma := []byte{','}
	for i, r := range rows {
		if i > 0 {
			parts = append(parts, comma)
		}
		parts = append(parts, res.show(w, r)...)
	}
	return append(parts, []byte(end))
}

// show is the answer for one row.
func (res *resource) show(w *world, r *row) [][]byte {
	if res.body != nil {
		return res.body(w, r)
	}
	return [][]byte{r.body}
}

// selectRows is one page of those rows that pass the query's filters and the caller may read, newest first.
func (c *call) selectRows(res *resource, rows []*row, readable func(*row) bool) ([]*row, error) {
	p, err := c.page(res)
	if err != nil {
		return nil, err
	}
	match, err := c.filters(res)
	if err != nil {
		return nil, err
	}
	ids, given, err := c.ids()
	if err != nil {
		return nil, err
	}
	if given {
		rows = c.byIDs(res, rows, ids)
	}
	return p.take(rows, func(r *row) bool { return r.live() && match(r) && readable(r) }), nil
}

// take walks from the cursor in its direction; what it returns is newest first either way.
func (p page) take(rows []*row, keep func(*row) bool) []*row {
	var out []*row
	if p.limit == 0 {
		return nil
	}
	full := func() bool { return p.limit > 0 && len(out) >= p.limit }
	if p.back {
		for i := after(rows, p.cursor.seq); i < len(rows) && !full(); i++ {
			if keep(rows[i]) {
				out = append(out, rows[i])
			}
		}
		slices.Reverse(out)
		return out
	}
	from := len(rows)
	if p.cursor != nil {
		from = after(rows, p.cursor.seq-1)
	}
	for i := from - 1; i >= 0 && !full(); i-- {
		if keep(rows[i]) {
			out = append(out, rows[i])
		}
	}
	return out
}

func (c *call) page(res *resource) (page, error) {
	p := page{limit: -1}
	if res.kind == kindExperiment {
		p.limit = experimentLimit
	}
	if text := c.query.Get("limit"); text != "" {
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return p, badRequest("Invalid limit '%s': expected a whole number, 0 or more", text)
		}
		p.limit = int(n)
	}
	next, previous := c.query.Get("starting_after"), c.query.Get("ending_before")
	if next != "" && previous != "" {
		return p, badRequest("Only one of starting_after and ending_before may be given")
	}
	id := strings.ToLower(next + previous)
	if id == "" {
		return p, nil
	}
	if !isUUID(id) {
		return p, badRequest("Invalid uuid '%s' as a pagination cursor", id)
	}
	p.cursor, p.back = c.table(res.kind).byID[id], previous != ""
	if p.cursor == nil {
		return p, badRequest("Unknown pagination cursor %s", id)
	}
	return p, nil
}

// filters is the test of a row against the query; unknown parameters are ignored.
func (c *call) filters(res *resource) (func(*row) bool, error) {
	wanted := make([][]string, len(res.filters))
	for i, f := range res.filters {
		values, given := valuesOf(c.query, f.param, f.many || f.kind == uuidText || f.enum != nil)
		if !given {
			continue
		}
		for j, v := range values {
			switch {
			case f.kind == uuidText && !isUUID(v):
				return nil, badRequest("Invalid uuid '%s' in query parameter %s", v, f.param)
			case f.kind == uuidText:
				values[j] = strings.ToLower(v)
			case f.enum != nil && !slices.Contains(f.enum, v):
				return nil, badRequest("Invalid enum value '%s' in query parameter %s", v, f.param)
			}
		}
		wanted[i] = values
	}
	elsewhere := false
	if names, given := valuesOf(c.query, "org_name", false); given && res.kind != kindOrganization && res.kind != kindACL {
		elsewhere = !slices.Contains(names, c.orgName())
	}
	var inProjects map[string]bool
	place := res.term("project_id")
	if names, given := valuesOf(c.query, "project_name", false); given && res.kind != kindProject && place >= 0 {
		inProjects = c.projectsNamed(names)
	}
	return func(r *row) bool {
		if elsewhere || inProjects != nil && !inProjects[r.term(place)] {
			return false
		}
		for i, values := range wanted {
			if values != nil && !slices.Contains(values, r.term(i)) {
				return false
			}
		}
		return true
	}, nil
}

func (c *call) projectsNamed(names []string) map[string]bool {
	found := make(map[string]bool)
	for _, name := range names {
		if r := c.table(kindProject).byKey[name]; r != nil {
			found[r.id] = true
		}
	}
	return found
}

// valuesOf is every value of a parameter that was repeated or, with split, separated by commas.
func valuesOf(query url.Values, param string, split bool) (values []string, given bool) {
	raw, given := query[param]
	values = make([]string, 0, len(raw))
	for _, v := range raw {
		if split {
			values = append(values, strings.Split(v, ",")...)
		} else {
			values = append(values, v)
		}
	}
	return values, given
}

func (c *call) ids() (ids []string, given bool, err error) {
	values, given := valuesOf(c.query, "ids", true)
	for _, v := range values {
		if v == "" {
			continue
		}
		if !isUUID(v) {
			return nil, given, badRequest("Invalid uuid '%s' in query parameter ids", v)
		}
		ids = append(ids, strings.ToLower(v))
	}
	return ids, given && len(ids) > 0, nil
}

// byIDs picks rows by id, in the order of the table; rows may be a part of it.
func (c *call) byIDs(res *resource, rows []*row, ids []string) []*row {
	t := c.table(res.kind)
	whole := len(rows) == len(t.rows)
	var picked []*row
	for _, id := range ids {
		r := t.byID[id]
		if r == nil || slices.Contains(picked, r) {
			continue
		}
		if !whole {
			if i := after(rows, r.seq-1); i >= len(rows) || rows[i] != r {
				continue
			}
		}
		picked = append(picked, r)
	}
	slices.SortFunc(picked, func(a, b *row) int {
		if a.seq < b.seq {
			return -1
		}
		return 1
	})
	return picked
}

// reader is the read check for many rows of one kind: what the caller may read in a whole container is found
// out once.
func (c *call) reader(res *resource) func(*row) bool {
	if res.mayRead != nil {
		return func(r *row) bool { return res.mayRead(c, r) }
	}
	all := make(map[access.Node]bool)
	return func(r *row) bool {
		n, container := res.node(r), res.above(c, r)
		whole, known := all[container]
		if !known {
			whole = c.access.AllowedChild(c.caller.subject, braintrust.PermissionRead, n.Type, container)
			all[container] = whole
		}
		return whole || c.may(braintrust.PermissionRead, n)
	}
}
