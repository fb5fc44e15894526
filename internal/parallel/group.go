// Package parallel runs functions side by side and brings their ends together: the first error, and a panic,
// which would otherwise end the process from a goroutine that nobody watches, with everything that its value
// and its stack hold (A9).
package parallel

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Group is a set of functions that work on one thing. The zero value is ready; one that WithContext made
// cancels its context at the first error. It must not be copied.
type Group struct {
	group errgroup.Group
	with  *errgroup.Group // by WithContext

	mu     sync.Mutex
	caught *Panic
}

// Panic is what Wait panics with in the place of the panic of a goroutine.
type Panic struct {
	Value any
	Stack []byte // of the goroutine
}

// String is the value alone.
func (p *Panic) String() string { return fmt.Sprint(p.Value) }

// WithContext returns a Group and a context that ends when one of its functions fails, or when Wait returns.
func WithContext(ctx context.Context) (*Group, context.Context) {
	with, ctx := errgroup.WithContext(ctx)
	return &Group{with: with}, ctx
}

// SetLimit bounds how many functions run at once; the others wait.
func (g *Group) SetLimit(n int) { g.errors().SetLimit(n) }

// Go runs f in a goroutine of its own.
func (g *Group) Go(f func() error) {
	g.errors().Go(func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				g.keep(&Panic{Value: r, Stack: debug.Stack()})
				err = fmt.Errorf("a bug: %v", r) // ends the others; Wait panics, so nobody sees it
			}
		}()
		return f()
	})
}

// Wait returns the first error when all functions have ended, or panics with a *Panic when one of them did.
func (g *Group) Wait() error {
	err := g.errors().Wait()
	if g.caught != nil {
		panic(g.caught)
	}
	return err
}

func (g *Group) errors() *errgroup.Group {
	if g.with != nil {
		return g.with
	}
	return &g.group
}

func (g *Group) keep(p *Panic) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.caught == nil {
		g.caught = p
	}
}
