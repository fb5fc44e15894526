package compiled

import (
	"iter"
	"runtime"
	"sync"

	"btadmin/pkg/access"
	"btadmin/pkg/braintrust"
)

// Row is what everybody may do in one project. It is valid until the next row is asked for.
type Row struct {
	Project access.Node
	// Cells are of those who hold anything in the project: groups by component, then users.
	Cells []Cell

	e       *Engine
	project uint32
	nodes   [lanesPerWord]uint32 // how many the project has in each lane: itself, its log, its objects
	extras  []Counts
}

// Cell is what one principal holds in a project.
type Cell struct {
	word  word   // on everything of a type
	index uint32 // of the user or group
	group bool
	extra int32 // position in the row's extras of what is held on single objects only, or -1
}

// Counts says on how many nodes each known permission is held, in the API's order.
type Counts [knownRights]uint32

// Principal is whose cell it is.
func (r *Row) Principal(c Cell) access.Principal {
	if c.group {
		return groupPrincipal(r.e.groupIDs[c.index])
	}
	return r.e.userAt(c.index)
}

// Nodes is the number of nodes of the project: itself, its log and its objects.
func (r *Row) Nodes() int {
	return int(r.e.projectStart[r.project+1] - r.e.projectStart[r.project])
}

// Counts counts the nodes of the project on which the principal holds each permission.
func (r *Row) Counts(c Cell) Counts {
	var n Counts
	if c.extra >= 0 {
		n = r.extras[c.extra]
	}
	for k, nodes := range r.nodes {
		held := lane(c.word, kind(k))
		for bit := range n {
			n[bit] += nodes * uint32(held>>bit&1)
		}
	}
	return n
}

// On is what the principal holds on everything of a type that the project has, by grants on the project or
// above it. Grants on single objects are in Counts.
func (c Cell) On(t braintrust.ObjectType) Mask {
	if k, known := knownKind(t); known && k <= kindAny {
		return lane(c.word, k)
	}
	return lane(c.word, kindAny)
}

// Own is what the principal holds on the project itself.
func (c Cell) Own() Mask { return lane(c.word, kindProject) }

// block is how many projects a worker computes at once.
const block = 8

// Matrix computes the known permissions of everybody included on every project, its log and its objects, a
// project at a time in the order of the snapshot. Several workers compute ahead of the reader. Nodes
// outside projects are few: List and WhoCan answer for them.
func (e *Engine) Matrix(include Include) iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		workers := runtime.GOMAXPROCS(0)
		run := &matrixRun{
			e: e, include: include, stop: make(chan struct{}),
			jobs: make(chan job), order: make(chan job, 2*workers), free: make(chan []Row, 4*workers),
		}
		run.findEverywhere()
		for range workers {
			run.wg.Go(run.work)
		}
		run.wg.Go(run.dispatch)
		defer run.wg.Wait()
		defer close(run.stop)
		for next := range run.order {
			rows := <-next.done
			for i := range rows {
				if !yield(&rows[i]) {
					return
				}
			}
			select {
			case run.free <- rows:
			default:
			}
		}
	}
}

// job is a block of projects.
type job struct {
	first, last uint32
	done        chan []Row
}

type matrixRun struct {
	e          *Engine
	include    Include
	everywhere []uint32 // principals who hold something in every project
	jobs       chan job // to workers
	order      chan job // to the reader, who waits for them in this order
	free       chan []Row
	stop       chan struct{}
	wg         sync.WaitGroup
}

func (r *matrixRun) findEverywhere() {
	for who := range r.e.holders {
		if r.e.holders[who].below != 0 {
			r.everywhere = append(r.everywhere, uint32(who))
		}
	}
}

// dispatch hands out blocks. A worker gets one before the reader waits for it, so that the reader never
// waits for a block that nobody has.
func (r *matrixRun) dispatch() {
	defer close(r.order)
	defer close(r.jobs)
	projects := uint32(len(r.e.projectIDs))
	for first := uint32(0); first < projects; first += block {
		next := job{first: first, last: min(first+block, projects), done: make(chan []Row, 1)}
		for _, queue := range []chan job{r.jobs, r.order} {
			select {
			case queue <- next:
			case <-r.stop:
				return
			}
		}
	}
}

func (r *matrixRun) work() {
	w := newWorker(r)
	for next := range r.jobs {
		var rows []Row
		select {
		case rows = <-r.free:
		default:
			rows = make([]Row, block)
		}
		rows = rows[:next.last-next.first]
		for i := range rows {
			w.row(&rows[i], next.first+uint32(i))
		}
		next.done <- rows
	}
}
