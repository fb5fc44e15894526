package diff

import (
	"runtime"
	"slices"
	"sync"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
)

// affected lists the principals whose rights can differ: users first, sorted.
func (c *comparison) affected() []access.Principal {
	found := map[access.Principal]bool{}
	for p := range compiled.Affected(c.before.engine, c.after.engine, compiled.Users|compiled.Groups) {
		found[p] = true
	}
	return slices.DeleteFunc(principals(c.before, c.after), func(p access.Principal) bool {
		return !found[p] && c.before.has(p) == c.after.has(p)
	})
}

// batch is how many principals are compared before their differences are gathered.
const batch = 1024

// each compares principals side by side and hands over the differences in their order.
func (c *comparison) each(everybody []access.Principal, gather func(difference)) {
	workers := runtime.GOMAXPROCS(0)
	found := make([]difference, min(batch, len(everybody)))
	for some := range slices.Chunk(everybody, batch) {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := w; i < len(some); i += workers {
					found[i] = c.principal(some[i])
				}
			})
		}
		wg.Wait()
		for i := range some {
			gather(found[i])
		}
	}
}
