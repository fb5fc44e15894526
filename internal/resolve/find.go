package resolve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"

	"btadmin/internal/exit"
	"btadmin/internal/text"
	"btadmin/pkg/braintrust"
)

// source is where one kind of thing can be looked up.
type source[T any] struct {
	kind   string                                           // as in error messages: "group"
	byID   func(ctx context.Context, id string) (T, error)  // GET by id; nil when the list is all there is
	byName func(ctx context.Context, n string) ([]T, error) // exact filter of the API; nil when it has none
	list   func(ctx context.Context) ([]T, error)           // all of them, kept
	held   func() ([]T, bool)                               // the list, if it was read already
	id     func(T) string
	names  func(T) []string                        // what a person may type for it, the usual one first
	form   func(name string) string                // in which names are compared; nil: as they are
	index  *index                                  // of the list
	note   func(id, name string)                   // remembers what was found
	ours   func(ctx context.Context, item T) error // refuses what another organization owns; nil: cannot be told
	stored *Stored                                 // where the list is from; nil: the server
}

// find returns the one thing that typed names: its UUID, or exactly one of its names. Several matches
// are an error that lists them with their ids, none is an error with the nearest names.
func (s source[T]) find(ctx context.Context, typed string) (T, error) {
	found, err := s.search(ctx, typed)
	if names := s.names; err == nil && s.note != nil && len(names(found)) > 0 {
		s.note(s.id(found), names(found)[0])
	}
	return found, err
}

func (s source[T]) search(ctx context.Context, typed string) (T, error) {
	var zero T
	if typed == "" {
		return zero, exit.BadInputf("the %s has an empty name", s.kind)
	}
	if IsUUID(typed) {
		return s.findID(ctx, typed)
	}
	if s.byName != nil {
		if _, listed := s.held(); !listed {
			found, err := s.byName(ctx, typed)
			if err != nil {
				return zero, fmt.Errorf("look up %s %q: %w", s.kind, typed, err)
			}
			found = s.called(found, typed) // a server may not know the filter
			if len(found) == 1 {
				return found[0], nil
			}
			if len(found) > 1 {
				return zero, s.ambiguous(typed, found)
			}
		}
	}
	all, err := s.list(ctx)
	if err != nil {
		return zero, fmt.Errorf("look up %s %q: %w", s.kind, typed, err)
	}
	matches := s.lookup(all, "name:", s.compared(typed))
	switch len(matches) {
	case 0:
		return zero, s.unknown(typed, all)
	case 1:
		return matches[0], nil
	}
	return zero, s.ambiguous(typed, matches)
}

func (s source[T]) findID(ctx context.Context, id string) (T, error) {
	var zero T
	if s.byID == nil {
		if _, err := s.list(ctx); err != nil {
			return zero, fmt.Errorf("look up %s %s: %w", s.kind, id, err)
		}
	}
	if all, listed := s.held(); listed {
		if found := s.lookup(all, "id:", strings.ToLower(id)); len(found) > 0 {
			return found[0], nil
		}
	}
	if s.byID == nil {
		return zero, exit.BadInputf("no %s %s", s.kind, id).WithHint("%s", s.stored.hint())
	}
	item, err := s.byID(ctx, strings.ToLower(id))
	if err == nil && s.ours != nil {
		return item, s.ours(ctx, item)
	}
	if err == nil {
		return item, nil
	}
	if braintrust.IsNotFound(err) || braintrust.IsForbidden(err) {
		return zero, exit.New(exit.BadInput, fmt.Errorf("%s %s: %w", s.kind, id, err))
	}
	return zero, fmt.Errorf("read %s %s: %w", s.kind, id, err)
}

// called are those of items that have the name.
func (s source[T]) called(items []T, name string) []T {
	return slices.DeleteFunc(items, func(item T) bool {
		return !slices.ContainsFunc(s.names(item), func(n string) bool { return s.compared(n) == s.compared(name) })
	})
}

func (s source[T]) unknown(typed string, all []T) error {
	if s.index.misses.Add(1) > mostSuggestions {
		return exit.BadInputf("no %s %q", s.kind, typed)
	}
	var known []string
	for _, item := range all {
		known = append(known, s.names(item)...)
	}
	err := exit.BadInputf("no %s %q", s.kind, typed)
	if near := text.Nearest(typed, known); len(near) > 0 {
		return err.WithHint("did you mean %s?", joinQuoted(near))
	}
	if s.stored != nil {
		return err.WithHint("%s", s.stored.hint())
	}
	noun := strings.ToLower(strings.ReplaceAll(s.kind, " ", "-")) + "s"
	if len(all) == 0 {
		return err.WithHint("this key may see none: btadmin %s list is empty; btadmin auth status says who it is", noun)
	}
	return err.WithHint("btadmin %s list shows what there is", noun)
}

// errAmbiguous is in every error about a name that several things have.
var errAmbiguous = errors.New("is ambiguous")

func (s source[T]) ambiguous(typed string, matches []T) error {
	lines := make([]string, len(matches))
	for i, item := range matches {
		lines[i] = fmt.Sprintf("%s (%s)", s.id(item), strings.Join(s.names(item), ", "))
	}
	sort.Strings(lines)
	return exit.BadInputf("%s %q %w: %s", s.kind, typed, errAmbiguous, strings.Join(lines, "; ")).
		WithHint("use the id instead of the name")
}

// IsUUID reports whether s is a UUID in its usual form.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	_, err := uuid.Parse(s)
	return err == nil
}

func joinQuoted(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(quoted, ", ")
}
