package fga

import (
	"context"
	"errors"
	"slices"
	"strings"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/openfga/pkg/storage"
	"github.com/openfga/openfga/pkg/storage/memory"
	"github.com/openfga/openfga/pkg/tuple"
)

// datastore keeps models where OpenFGA's own store in memory keeps them, and tuples in maps: its own is read from
// end to end for every question, which would compare lists and not evaluators. Tuples are written before the
// first question.
type datastore struct {
	storage.OpenFGADatastore
	exact  map[exactKey]*openfgav1.Tuple
	on     map[onKey][]*openfgav1.Tuple   // by object and relation
	from   map[fromKey][]*openfgav1.Tuple // by user, relation and type of object
	closed bool
}

type exactKey struct{ object, relation, user string }

type onKey struct{ object, relation string }

type fromKey struct{ user, relation, kind string }

// maxWrite is how many tuples are written at once.
const maxWrite = 1000

func newDatastore() *datastore {
	return &datastore{
		OpenFGADatastore: memory.New(),
		exact:            map[exactKey]*openfgav1.Tuple{}, on: map[onKey][]*openfgav1.Tuple{}, from: map[fromKey][]*openfgav1.Tuple{},
	}
}

// MaxTuplesPerWrite is the limit of the server.
func (d *datastore) MaxTuplesPerWrite() int { return maxWrite }

// Write adds tuples. Nothing is ever deleted here.
func (d *datastore) Write(_ context.Context, _ string, deletes storage.Deletes, writes storage.Writes, _ ...storage.TupleWriteOption) error {
	if len(deletes) > 0 || d.closed {
		return errors.New("tuples are written once")
	}
	for _, key := range writes {
		d.add(key)
	}
	return nil
}

func (d *datastore) add(key *openfgav1.TupleKey) {
	object, relation, user := key.GetObject(), key.GetRelation(), key.GetUser()
	t := &openfgav1.Tuple{Key: key}
	d.exact[exactKey{object, relation, user}] = t
	at := onKey{object, relation}
	d.on[at] = append(d.on[at], t)
	back := fromKey{user, relation, tuple.GetType(object)}
	d.from[back] = append(d.from[back], t)
}

// finish sorts what is read in order.
func (d *datastore) finish() {
	d.closed = true
	for _, list := range d.from {
		slices.SortFunc(list, func(a, b *openfgav1.Tuple) int {
			return strings.Compare(a.GetKey().GetObject(), b.GetKey().GetObject())
		})
	}
}

// Read finds the tuples of an object and relation.
func (d *datastore) Read(_ context.Context, _ string, filter storage.ReadFilter, _ storage.ReadOptions) (storage.TupleIterator, error) {
	if filter.Object == "" || strings.HasSuffix(filter.Object, ":") || filter.Relation == "" {
		return nil, errors.New("only whole objects and relations are read")
	}
	all := d.on[onKey{filter.Object, filter.Relation}]
	if filter.User != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(t *openfgav1.Tuple) bool { return t.GetKey().GetUser() != filter.User })
	}
	return storage.NewStaticTupleIterator(all), nil
}

// ReadUserTuple finds one tuple.
func (d *datastore) ReadUserTuple(_ context.Context, _ string, filter storage.ReadUserTupleFilter, _ storage.ReadUserTupleOptions) (*openfgav1.Tuple, error) {
	if t, found := d.exact[exactKey{filter.Object, filter.Relation, filter.User}]; found {
		return t, nil
	}
	return nil, storage.ErrNotFound
}

// ReadUsersetTuples finds the tuples of an object and relation whose user is a set.
func (d *datastore) ReadUsersetTuples(_ context.Context, _ string, filter storage.ReadUsersetTuplesFilter, _ storage.ReadUsersetTuplesOptions) (storage.TupleIterator, error) {
	var sets []*openfgav1.Tuple
	for _, t := range d.on[onKey{filter.Object, filter.Relation}] {
		user := t.GetKey().GetUser()
		if tuple.GetUserTypeFromUser(user) != tuple.UserSet {
			continue
		}
		kind := tuple.GetType(user)
		_, relation := tuple.SplitObjectRelation(user)
		wildcard := tuple.IsWildcard(user)
		for _, allowed := range filter.AllowedUserTypeRestrictions {
			if allowed.GetType() == kind && (allowed.GetRelation() == relation) && (wildcard == (allowed.GetWildcard() != nil)) {
				sets = append(sets, t)
				break
			}
		}
	}
	return storage.NewStaticTupleIterator(sets), nil
}

// ReadStartingWithUser finds the objects of a type to which users have a relation, sorted by object.
func (d *datastore) ReadStartingWithUser(_ context.Context, _ string, filter storage.ReadStartingWithUserFilter, _ storage.ReadStartingWithUserOptions) (storage.TupleIterator, error) {
	var all []*openfgav1.Tuple
	for _, who := range filter.UserFilter {
		user := who.GetObject()
		if who.GetRelation() != "" {
			user = tuple.GetObjectRelationAsString(who)
		}
		for _, t := range d.from[fromKey{user, filter.Relation, filter.ObjectType}] {
			if _, id := tuple.SplitObject(t.GetKey().GetObject()); filter.ObjectIDs == nil || filter.ObjectIDs.Exists(id) {
				all = append(all, t)
			}
		}
	}
	if len(filter.UserFilter) > 1 {
		slices.SortFunc(all, func(a, b *openfgav1.Tuple) int {
			return strings.Compare(a.GetKey().GetObject(), b.GetKey().GetObject())
		})
	}
	return storage.NewStaticTupleIterator(all), nil
}
