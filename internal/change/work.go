package change

// work is one step of a run: what of it is still to be sent, and as which tasks.
type work struct {
	number int
	step   Step
	rest   Step // nil: nothing
	tasks  []*task
}

func newWork(steps []Step) []*work {
	all := make([]*work, len(steps))
	for i, step := range steps {
		all[i] = &work{number: i, step: step, rest: step}
	}
	return all
}

// cut makes the tasks of a step.
func cut(number int, step Step, chunk int) []*task {
	rows := step.size()
	d, ok := step.(divisible)
	if !ok || rows <= chunk {
		return []*task{{number: number, step: step}}
	}
	var tasks []*task
	for from := 0; from < rows; from += chunk {
		tasks = append(tasks, &task{number: number, part: len(tasks) + 1, step: d.rows(from, min(from+chunk, rows))})
	}
	return tasks
}

// halve cuts a part that the server refuses in two, to find out which of its rows it is about. The halves are new
// parts of the step.
func (w *work) halve(t *task) []*task {
	d, ok := t.step.(divisible)
	rows := t.step.size()
	if !ok || rows < 2 {
		return nil
	}
	last := 0
	for _, other := range w.tasks {
		last = max(last, other.part)
	}
	halves := []*task{
		{number: t.number, part: last + 1, step: d.rows(0, rows/2), after: t.after},
		{number: t.number, part: last + 2, step: d.rows(rows/2, rows), after: t.after},
	}
	for i, other := range w.tasks {
		if other == t {
			w.tasks = append(w.tasks[:i:i], append(halves, w.tasks[i+1:]...)...)
			break
		}
	}
	return halves
}

// finish takes what the server answered to parts over into the step, where the caller looks for it.
func (r *running) finish(w *work) {
	d, ok := w.step.(divisible)
	if !ok {
		return
	}
	var parts []Step
	for _, t := range w.tasks {
		if t.step != w.step && t.done() {
			parts = append(parts, t.step)
		}
	}
	d.gather(parts)
}
