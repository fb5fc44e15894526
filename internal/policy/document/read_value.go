package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"btadmin/internal/policy/syntax"
	"btadmin/internal/text"
)

// read takes text as it was written. What some reader of YAML takes for something else must be in quotes.
func (t *Text) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Scalar) {
		return
	}
	if n.Plain {
		if class := syntax.ClassOf(n.Value); class != syntax.Str {
			r.errorf(n, "is %s, and text is wanted", class).WithHint("put it in quotes: %q", n.Value)
			return
		}
	}
	t.Value, t.At = n.Value, n.At
	r.variables(n.Value)
}

// variables looks for variables in a text.
func (r *Reader) variables(text string) {
	r.Variables = r.Variables || strings.Contains(text, "${")
}

func (b *Bool) read(r *Reader, n *syntax.Node) {
	switch {
	case n.Kind == syntax.Scalar && n.Plain && syntax.ClassOf(n.Value) == syntax.Boolean:
		b.Value, b.At = strings.EqualFold(n.Value, "true"), n.At
	case n.Kind == syntax.Scalar:
		r.errorf(n, "is %q: it must be true or false", text.Visible(n.Value))
	default:
		r.errorf(n, "must be true or false, not %s", n.Kind)
	}
}

func (i *Int) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Scalar) {
		return
	}
	value, err := strconv.Atoi(n.Value)
	if err != nil || !n.Plain || n.Value != strconv.Itoa(value) || value < 0 {
		r.errorf(n, "is %q: it must be a whole number without quotes", text.Visible(n.Value))
		return
	}
	i.Value, i.At = value, n.At
}

func (d *Date) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Scalar) {
		return
	}
	day, err := time.Parse(time.DateOnly, n.Value)
	if err != nil {
		r.errorf(n, "is %q: it must be a day such as 2026-12-31", text.Visible(n.Value))
		return
	}
	*d = Date{Text: n.Value, Last: day.AddDate(0, 0, 1), At: n.At}
}

func (d *Duration) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Scalar) {
		return
	}
	value, err := ParseDuration(n.Value)
	if err != nil {
		r.errorf(n, "%v", err)
		return
	}
	*d = Duration{Text: n.Value, Value: value, At: n.At}
}

// ParseDuration reads a length of time such as 90d, 2w, 1d12h or 30m. A day has 24 hours.
func ParseDuration(s string) (time.Duration, error) {
	units := map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
	bad := fmt.Errorf("is %q: it must be a length of time such as 90d, 48h or 30m", text.Visible(s))
	var total time.Duration
	for rest := s; rest != ""; {
		i := strings.IndexFunc(rest, func(c rune) bool { return c < '0' || c > '9' })
		if i < 1 || i > 5 || units[rest[i]] == 0 {
			return 0, bad
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil {
			return 0, bad
		}
		total += time.Duration(n) * units[rest[i]]
		if total > 100*365*24*time.Hour {
			return 0, bad
		}
		rest = rest[i+1:]
	}
	if total <= 0 {
		return 0, bad
	}
	return total, nil
}

func (l *Limit) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Scalar) {
		return
	}
	digits, percent := strings.CutSuffix(n.Value, "%")
	number, err := strconv.Atoi(digits)
	if err != nil || digits != strconv.Itoa(number) || number < 0 || percent && number > 100 {
		r.errorf(n, "is %q: it must be a number such as 2, or a share such as 20%%", text.Visible(n.Value))
		return
	}
	*l = Limit{Text: n.Value, Number: number, Percent: percent, At: n.At}
}

func (l *List[T]) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Sequence) {
		return
	}
	l.At = n.At
	l.Items = make([]T, 0, len(n.Items))
	for i, item := range n.Items {
		if item.Kind == syntax.Invalid {
			continue
		}
		var value T
		before := r.problems.Errors()
		r.within(fmt.Sprintf("[%d]", i), &value, item)
		if r.problems.Errors() == before {
			l.Items = append(l.Items, value)
		}
	}
}

func (m *Map[T]) read(r *Reader, n *syntax.Node) {
	if !r.kind(n, syntax.Mapping) {
		return
	}
	m.At = n.At
	m.Entries = make([]Entry[T], 0, len(n.Pairs))
	for _, pair := range n.Pairs {
		var e Entry[T]
		if pair.Key.Plain && syntax.ClassOf(pair.Key.Value) != syntax.Str {
			r.errorf(pair.Key, "has the key %s, which is %s, and a name is wanted", text.Visible(pair.Key.Value), syntax.ClassOf(pair.Key.Value)).
				WithHint("put it in quotes: %q", pair.Key.Value)
		}
		e.Key = Text{Value: pair.Key.Value, At: pair.Key.At}
		r.variables(pair.Key.Value)
		r.within(pair.Key.Value, &e.Value, pair.Value)
		m.Entries = append(m.Entries, e)
	}
}
