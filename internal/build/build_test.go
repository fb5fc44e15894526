package build

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewKeepsWhatWasStamped(t *testing.T) {
	t.Parallel()
	want := Info{"1.2.3", "abc", "2026-01-02T03:04:05Z", runtime.Version(), runtime.GOOS, runtime.GOARCH}
	for _, version := range []string{"1.2.3", "v1.2.3"} {
		if diff := cmp.Diff(want, New(version, "abc", "2026-01-02T03:04:05Z")); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", version, diff)
		}
	}
}

func TestNewAlwaysHasAVersion(t *testing.T) {
	t.Parallel()
	if got := New("", "", ""); got.Version == "" || got.Go == "" || got.OS == "" || got.Arch == "" {
		t.Errorf("got %+v", got)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: "1a2b"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}}
	dirty := append([]debug.BuildSetting{{Key: "vcs.modified", Value: "true"}}, vcs...)
	tests := map[string]struct {
		have     Info
		version  string
		settings []debug.BuildSetting
		want     Info
	}{
		"installed by go install": {Info{}, "v1.4.0", nil, Info{Version: "v1.4.0"}},
		"built in a checkout":     {Info{}, "(devel)", vcs, Info{Commit: "1a2b", Date: "2026-01-02T03:04:05Z"}},
		"changed checkout":        {Info{}, "(devel)", dirty, Info{Commit: "1a2b-dirty", Date: "2026-01-02T03:04:05Z"}},
		"stamped commit":          {Info{Commit: "9f"}, "v1.4.0", vcs, Info{Version: "v1.4.0", Commit: "9f"}},
		"stamped date":            {Info{Date: "d"}, "", vcs, Info{Commit: "1a2b", Date: "d"}},
	}
	for name, tt := range tests {
		got := tt.have
		got.complete(&debug.BuildInfo{Main: debug.Module{Version: tt.version}, Settings: tt.settings})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	tests := []struct {
		info Info
		want string
	}{
		{Info{"1.2.3", "1a2b3c4d5e6f7a8b9c0d", "2026-01-02", "go1.26.0", "linux", "amd64"}, "1.2.3 (1a2b3c4d5e6f, 2026-01-02, go1.26.0, linux/amd64)"},
		{Info{"dev", "1a2b3c4d5e6f7a8b9c0d-dirty", "", "go1.26.0", "linux", "amd64"}, "dev (1a2b3c4d5e6f-dirty, go1.26.0, linux/amd64)"},
		{Info{"dev", "", "", "go1.26.0", "linux", "arm64"}, "dev (go1.26.0, linux/arm64)"},
	}
	for _, tt := range tests {
		if got := tt.info.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
