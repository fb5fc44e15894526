package synthetic_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

type question struct {
	p          access.Principal
	permission braintrust.Permission
	n          access.Node
}

// questions are about random users, on objects and projects, as a server would be asked.
func questions(s *access.Snapshot, n int) []question {
	random := rand.New(rand.NewPCG(1, 2))
	all := make([]question, n)
	for i := range all {
		q := &all[i]
		q.p = access.Principal{Kind: access.PrincipalUser, ID: s.Users[random.IntN(len(s.Users))].ID}
		q.permission = braintrust.Permissions()[random.IntN(8)]
		switch random.IntN(8) {
		case 0:
			q.n = access.Node{Type: braintrust.ObjectProject, ID: s.Projects[random.IntN(len(s.Projects))].ID}
		case 1:
			q.n = access.Node{Type: braintrust.ObjectGroup, ID: s.Groups[random.IntN(len(s.Groups))].ID}
		default:
			q.n = s.Objects[random.IntN(len(s.Objects))].Node()
		}
	}
	return all
}

// eachSize runs a benchmark on every size, one organization in memory at a time.
func eachSize(b *testing.B, run func(*testing.B, *access.Snapshot)) {
	for _, size := range synthetic.Sizes() {
		var s *access.Snapshot
		b.Run(size.Name, func(b *testing.B) {
			if s == nil {
				s = synthetic.Organization(size, 1)
			}
			run(b, s)
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		before := heap()
		var engine *compiled.Engine
		for b.Loop() {
			engine = compiled.Compile(s)
		}
		held := heap() - before
		runtime.KeepAlive(engine)
		b.ReportMetric(float64(held)/(1<<20), "MB")
		b.ReportMetric(float64(held)/float64(len(s.ACLs)), "B/ACL")
		b.ReportMetric(float64(len(s.ACLs))*float64(b.N)/b.Elapsed().Seconds()/1e6, "MACL/s")
	})
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkCheck(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, all := compiled.Compile(s), questions(s, 100_000)
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			q := &all[i%len(all)]
			engine.Check(q.p, q.permission, q.n)
		}
		b.StopTimer()
		// Single checks are shorter than the clock's own cost, so that the quantiles are of batches of ten.
		var spent []time.Duration
		for i := 0; i+10 <= len(all); i += 10 {
			start := time.Now()
			for _, q := range all[i : i+10] {
				engine.Check(q.p, q.permission, q.n)
			}
			spent = append(spent, time.Since(start)/10)
		}
		slices.Sort(spent)
		b.ReportMetric(float64(spent[len(spent)/2]), "p50-ns")
		b.ReportMetric(float64(spent[len(spent)*99/100]), "p99-ns")
	})
}

// The same with names looked up beforehand, as a caller with many questions about few people does.
func BenchmarkHolds(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, all := compiled.Compile(s), questions(s, 100_000)
		type resolved struct {
			s    compiled.Subject
			mask compiled.Mask
			at   compiled.Place
		}
		var ready []resolved
		for _, q := range all {
			subject, known := engine.Subject(q.p)
			at, exists := engine.Place(q.n)
			if known && exists {
				ready = append(ready, resolved{subject, compiled.MaskOf(q.permission), at})
			}
		}
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			q := &ready[i%len(ready)]
			engine.Holds(q.s, q.mask, q.at)
		}
	})
}

func BenchmarkWhoCan(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, all := compiled.Compile(s), questions(s, 20_000)
		named := 0
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			q := &all[i%len(all)]
			for range engine.WhoCan(q.permission, q.n, compiled.Users) {
				named++
			}
		}
		b.ReportMetric(float64(named)/float64(b.N), "named/op")
	})
}

func BenchmarkList(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, all := compiled.Compile(s), questions(s, 20_000)
		for range engine.List(all[0].p, compiled.AllKnown) {
			break // what lists need is made once
		}
		named := 0
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			q := &all[i%len(all)]
			for range engine.List(q.p, compiled.MaskOf(q.permission)) {
				named++
			}
		}
		b.ReportMetric(float64(named)/float64(b.N), "named/op")
	})
}

func BenchmarkMatrix(b *testing.B) {
	for _, by := range []struct {
		name    string
		include compiled.Include
	}{{"users", compiled.Users}, {"groups", compiled.Groups}} {
		b.Run(by.name, func(b *testing.B) {
			eachSize(b, func(b *testing.B, s *access.Snapshot) {
				engine := compiled.Compile(s)
				cells := 0
				b.ResetTimer()
				for b.Loop() {
					for row := range engine.Matrix(by.include) {
						cells += len(row.Cells)
					}
				}
				b.ReportMetric(float64(cells)/float64(b.N), "cells/op")
			})
		})
	}
}

// One grant taken away, then one question: what a what-if costs beside compiling.
func BenchmarkWith(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, q := compiled.Compile(s), questions(s, 1)[0]
		change := compiled.Change{Remove: []braintrust.ACLItem{s.ACLs[len(s.ACLs)/2].ACLItem}}
		b.ReportAllocs()
		b.ResetTimer()
		for b.Loop() {
			after, err := engine.With(change)
			if err != nil {
				b.Fatal(err)
			}
			after.Check(q.p, q.permission, q.n)
		}
	})
}
