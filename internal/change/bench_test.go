package change_test

import (
	"fmt"
	"testing"
	"time"

	"btadmin/internal/sandbox"
)

// BenchmarkLongRun makes groups and their grants from nothing at 50 ms a request, planning included, and then finds
// that nothing is left to do.
func BenchmarkLongRun(b *testing.B) {
	for _, size := range []struct{ projects, groups, grants int }{{25, 20, 500}, {50, 40, 2000}} {
		b.Run(fmt.Sprintf("%d groups, %d grants", size.groups, size.grants), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := newWorldWith(b, sandbox.Options{
					NoCreatorGrants: true, Faults: sandbox.Faults{Latency: 50 * time.Millisecond},
					Seed: sandbox.SeedSpec{Kind: sandbox.SeedLarge, Users: 40, Projects: size.projects},
				})
				want := w.wishFor(size.groups, size.grants)
				before := w.server.Counts()
				b.StartTimer()
				began := time.Now()
				if _, err := w.make(b.Context(), want); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/make")
				made := w.server.Counts()
				b.ReportMetric(float64(made.Reads+made.Writes-before.Reads-before.Writes), "requests/make")
				began = time.Now()
				if plan, err := w.towards(want); err != nil || len(plan.Steps) > 0 {
					b.Fatal(len(plan.Steps), err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s/no-change")
				again := w.server.Counts()
				b.ReportMetric(float64(again.Reads+again.Writes-made.Reads-made.Writes), "requests/no-change")
			}
		})
	}
}
