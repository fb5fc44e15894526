package synthetic_test

import (
	"testing"

	"btadmin/pkg/access"
	"btadmin/pkg/access/compiled"
	"btadmin/pkg/braintrust"
)

// Redundant, powerless and unmanned grants, all of them.
func BenchmarkWaste(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, found := compiled.Compile(s), 0
		b.ResetTimer()
		for b.Loop() {
			for _, waste := range engine.Waste() {
				if waste != compiled.Needed {
					found++
				}
			}
		}
		b.ReportMetric(float64(found)/float64(b.N), "found/op")
	})
}

func BenchmarkRemovable(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, found := compiled.Compile(s), 0
		b.ResetTimer()
		for b.Loop() {
			found += len(engine.Removable())
		}
		b.ReportMetric(float64(found)/float64(b.N), "found/op")
	})
}

// One grant to a group is taken away: the engine without it, and every cell that is lost.
func BenchmarkWhatIf(b *testing.B) {
	eachSize(b, func(b *testing.B, s *access.Snapshot) {
		engine, lost := compiled.Compile(s), 0
		at := len(s.ACLs) / 2
		for s.ACLs[at].GroupID == "" || s.ACLs[at].ObjectType != braintrust.ObjectProject {
			at++
		}
		change := compiled.Change{Remove: []braintrust.ACLItem{s.ACLs[at].ACLItem}}
		b.ResetTimer()
		for b.Loop() {
			after, err := engine.With(change)
			if err != nil {
				b.Fatal(err)
			}
			for range compiled.Compare(engine, after, compiled.Users) {
				lost++
			}
		}
		b.ReportMetric(float64(lost)/float64(b.N), "cells/op")
	})
}
