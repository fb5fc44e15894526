package change

import (
	"strings"

	"btadmin/internal/change/journal"
)

// task is what is sent at once: a step, or a part of one.
type task struct {
	number int  // of the step, from 0, in the order of the review
	part   int  // from 1; 0: the step is sent whole
	step   Step // what is sent and journaled
	state  taskState
	err    error
	ids    []string // of its requests
	tried  bool     // an earlier attempt may have done it
	proven bool     // the answer shows what was wanted
	maybe  bool     // something was changed, or may have been
	after  []*task  // of the same phase: must be done before
	behind []*task  // of the same phase: must have ended before, however
}

// taskState is how far a task is.
type taskState int

const (
	taskOpen    taskState = iota
	taskSent              // the server says that it is done
	taskSeen              // read back
	taskUnknown           // failed in a way that may go away, and what became of it is not known
	taskFailed
	taskLeft // not begun, because of something that failed
)

// done reports whether what depends on a task may begin.
func (t *task) done() bool { return t.state == taskSent || t.state == taskSeen }

// over reports whether a task will never be done in this run.
func (t *task) over() bool { return t.state == taskFailed || t.state == taskLeft }

// divisible is a step of many rows that are sent in parts.
type divisible interface {
	Step
	// rows returns rows [from, to) as a step.
	rows(from, to int) Step
	// gather takes over what the server answered to parts, in their order.
	gather(parts []Step)
}

// maker is a step that makes something other steps refer to.
type maker interface {
	// makes lists the placeholders that it stands for.
	makes() []string
	// made are those that are there by now, with their ids.
	made() []journal.Made
}

// user is a step that refers to what others make.
type user interface {
	// uses lists the ids that it refers to.
	uses() []string
}

// targeted is a step about one thing: two steps about the same run one after the other, and not at all when the first
// has failed. A step without a target runs alone.
type targeted interface{ target() string }

// queues are the targets that stand for no thing but for a queue: in a long run one that fails does not hold up the next. In
// a short one, which ends at its first error, a token is made when all before it is done.
func queues(target string) bool { return target == membersTarget || target == tokensTarget }

// openUses are the placeholders that a step refers to and nobody has filled in.
func openUses(step Step) []string {
	u, ok := step.(user)
	if !ok {
		return nil
	}
	var open []string
	for _, id := range u.uses() {
		if strings.HasPrefix(id, newPrefix) {
			open = append(open, id)
		}
	}
	return open
}

// chain says for each task of one phase which others must be done before: those that make what it refers to, and
// the ones before it that are about the same thing.
func chain(tasks []*task, long bool) {
	makers, last := map[string]*task{}, map[string]*task{}
	for _, t := range tasks {
		if m, ok := t.step.(maker); ok {
			for _, id := range m.makes() {
				makers[id] = t
			}
		}
	}
	var alone *task // the last one without a target
	for i, t := range tasks {
		for _, id := range openUses(t.step) {
			switch m := makers[id]; {
			case m == nil:
				t.state = taskLeft // what would have made it has failed
			case m != t:
				t.after = append(t.after, m)
			}
		}
		about, ok := t.step.(targeted)
		if !ok || !long && about.target() == tokensTarget {
			t.after = append(t.after, tasks[:i]...)
			alone = t
			continue
		}
		if alone != nil {
			t.after = append(t.after, alone)
		}
		if name := about.target(); name != "" {
			switch before := last[name]; {
			case before == nil:
			case long && queues(name):
				t.behind = append(t.behind, before)
			default:
				t.after = append(t.after, before)
			}
			last[name] = t
		}
	}
}
