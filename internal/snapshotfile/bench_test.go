package snapshotfile_test

import (
	"path/filepath"
	"testing"
	"time"

	"btadmin/internal/snapshotfile"
	"btadmin/internal/synthetic"
	"btadmin/pkg/access"
)

func origin() snapshotfile.Origin {
	return snapshotfile.Origin{Host: "api.example.com", Taken: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), Tool: "test", Objects: true}
}

func BenchmarkSnapshot(b *testing.B) {
	for _, size := range []synthetic.Size{synthetic.Small(), synthetic.Medium()} {
		s := synthetic.Organization(size, 1)
		data, _, err := snapshotfile.Encode(s, origin())
		if err != nil {
			b.Fatal(err)
		}
		b.Run("encode/"+size.Name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := snapshotfile.Encode(s, origin()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(data)), "bytes")
		})
		path := filepath.Join(b.TempDir(), "s")
		if _, err := snapshotfile.Write(path, s, origin(), false); err != nil {
			b.Fatal(err)
		}
		b.Run("whole/"+size.Name, func(b *testing.B) {
			for b.Loop() {
				f, err := snapshotfile.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.Snapshot(); err != nil {
					b.Fatal(err)
				}
				_ = f.Close()
			}
		})
		b.Run("question/"+size.Name, func(b *testing.B) {
			n := s.Objects[len(s.Objects)/2]
			for b.Loop() {
				f, err := snapshotfile.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.Users(); err != nil {
					b.Fatal(err)
				}
				if _, err := f.GroupsWith([]string{s.Users[1].ID}); err != nil {
					b.Fatal(err)
				}
				_, _ = f.Roles()
				_, _ = f.Projects()
				_, _ = f.ProjectGroups()
				if objects, err := f.ObjectsIn(n.ProjectID); err != nil || len(objects) == 0 {
					b.Fatal(err)
				}
				_, err = f.ACLsOn([]access.Node{
					n.Node(), {Type: "project", ID: n.ProjectID},
					{Type: "org_project", ID: s.Organization.ID}, {Type: "organization", ID: s.Organization.ID},
				})
				if err != nil {
					b.Fatal(err)
				}
				_ = f.Close()
			}
		})
	}
}
