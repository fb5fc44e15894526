// Package build says which build of the program this is.
package build

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// development is the version of a build that nobody named.
const development = "dev"

// Info describes a build. Commit and Date are empty when nobody knows them.
type Info struct {
	Version string // without a leading v, "dev" when unknown
	Commit  string // of the source, with "-dirty" for changes on top of it
	Date    string // RFC 3339
	Go      string // release of the compiler, such as go1.26.0
	OS      string
	Arch    string
}

// New describes the running program from what the linker stamped. Only what is empty is looked up in the build
// information that the Go tool leaves in the binary, because reading that costs time at every start.
func New(version, commit, date string) Info {
	info := Info{Version: version, Commit: commit, Date: date, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if info.Version == "" || info.Commit == "" {
		if found, ok := debug.ReadBuildInfo(); ok {
			info.complete(found)
		}
	}
	info.Version = strings.TrimPrefix(info.Version, "v")
	if info.Version == "" {
		info.Version = development
	}
	return info
}

// complete fills in what is missing. A commit that was stamped is not mixed with the date of another one.
func (i *Info) complete(found *debug.BuildInfo) {
	if i.Version == "" && found.Main.Version != "(devel)" {
		i.Version = found.Main.Version
	}
	if i.Commit != "" {
		return
	}
	settings := map[string]string{}
	for _, s := range found.Settings {
		settings[s.Key] = s.Value
	}
	i.Commit = settings["vcs.revision"]
	if i.Commit != "" && settings["vcs.modified"] == "true" {
		i.Commit += "-dirty"
	}
	if i.Date == "" {
		i.Date = settings["vcs.time"]
	}
}

// String is one line for people: "1.2.3 (1a2b3c4d5e6f, 2026-01-02T03:04:05Z, go1.26.0, linux/amd64)".
func (i Info) String() string {
	parts := make([]string, 0, 4)
	if i.Commit != "" {
		parts = append(parts, shortCommit(i.Commit))
	}
	if i.Date != "" {
		parts = append(parts, i.Date)
	}
	parts = append(parts, i.Go, i.OS+"/"+i.Arch)
	return fmt.Sprintf("%s (%s)", i.Version, strings.Join(parts, ", "))
}

// shortCommit is the beginning of a commit that is enough to find it.
func shortCommit(commit string) string {
	const enough = 12
	hash, dirty := strings.CutSuffix(commit, "-dirty")
	if len(hash) > enough {
		hash = hash[:enough]
	}
	if dirty {
		hash += "-dirty"
	}
	return hash
}
