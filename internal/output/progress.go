package output

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"btadmin/internal/iostreams"
	"btadmin/internal/text"
)

// Work shorter than barDelay shows no bar; a shown one is drawn again every barEvery.
const (
	barDelay = 500 * time.Millisecond
	barEvery = 100 * time.Millisecond
)

// Bar shows how far a long piece of work is: rows done, of how many, failures. It is safe for concurrent use.
type Bar struct {
	mu           sync.Mutex
	w            io.Writer
	title        string
	width        func() int
	total        int // 0 or less = unknown
	done, failed int
	drawn        bool
	stop         chan struct{} // nil when nothing is ever drawn
	stopped      chan struct{}
}

// Progress starts a bar on standard error. It appears after 500 ms, and never when standard error is no
// terminal, with --quiet, in CI, on a dumb terminal or in accessible mode. A total of 0 means unknown. Done must be called.
func Progress(s *iostreams.Streams, title string, total int) *Bar {
	return startBar(s, title, total, barDelay, barEvery)
}

func startBar(s *iostreams.Streams, title string, total int, delay, every time.Duration) *Bar {
	b := &Bar{w: s.Err, title: text.Visible(title), width: s.Width, total: total}
	if !s.ErrTTY || s.Quiet || s.CI || s.Dumb || s.Accessible {
		return b
	}
	b.stop, b.stopped = make(chan struct{}), make(chan struct{})
	go b.run(b.stop, delay, every)
	return b
}

// Add counts n rows as done.
func (b *Bar) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += n
}

// Fail counts n rows as done and failed.
func (b *Bar) Fail(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += n
	b.failed += n
}

// Above has a line written while the bar is off the screen; it is drawn again below.
func (b *Bar) Above(write func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn {
		b.write("\r\x1b[K")
	}
	write()
}

// Done removes the bar from the screen. It may be called more than once.
func (b *Bar) Done() {
	b.mu.Lock()
	stop := b.stop
	b.stop = nil
	b.mu.Unlock()
	if stop == nil {
		return
	}
	close(stop)
	<-b.stopped
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn {
		b.write("\r\x1b[K")
	}
}

func (b *Bar) run(stop <-chan struct{}, delay, every time.Duration) {
	defer close(b.stopped)
	timer := time.NewTimer(delay)
	defer timer.Stop()
	for {
		select {
		case <-stop:
			return
		case <-timer.C:
			b.draw()
			timer.Reset(every)
		}
	}
}

func (b *Bar) draw() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drawn = true
	b.write("\r" + b.line(b.width()-1) + "\x1b[K")
}

// line is the bar in at most width columns. What does not fit goes: what is left, the bar itself, and the title.
func (b *Bar) line(width int) string {
	done, failed, left := fmt.Sprintf(" %d", b.done), "", ""
	if b.total > 0 {
		done = fmt.Sprintf(" %d/%d", b.done, b.total)
		left = fmt.Sprintf(", %d left", max(b.total-b.done, 0))
	}
	if b.failed > 0 {
		failed = fmt.Sprintf(", %d failed", b.failed)
	}
	counts := done + failed + left
	if text.Width(b.title)+len(counts) > width {
		counts = done + failed
	}
	const cells = 20
	if b.total > 0 && text.Width(b.title)+len(counts)+cells+3 <= width {
		full := min(cells*min(b.done, b.total)/b.total, cells)
		counts = " [" + strings.Repeat("#", full) + strings.Repeat("-", cells-full) + "]" + counts
	}
	if len(counts)+1 > width {
		return text.Trim(strings.TrimSpace(counts), max(width, 1))
	}
	return text.Trim(b.title, width-len(counts)) + counts
}

func (b *Bar) write(s string) {
	_, _ = io.WriteString(b.w, s) // a bar that cannot be drawn is no reason to stop
}
