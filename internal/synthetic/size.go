// Package synthetic makes organizations of any size from a seed, for benchmarks and for comparisons with
// other evaluators. The same size and seed always give the same organization.
package synthetic

// Size says how large an organization is.
type Size struct {
	Name     string
	Users    int // a fiftieth are service accounts
	Groups   int
	Depth    int // how deep groups are nested
	Projects int
	Objects  int // in a usual project; a few have none or hundreds
	ACLs     int
	Cycles   bool // among groups and among roles
}

// Small is an organization of some teams.
func Small() Size {
	return Size{Name: "S", Users: 200, Groups: 50, Depth: 2, Projects: 100, Objects: 20, ACLs: 2_000}
}

// Medium is a company.
func Medium() Size {
	return Size{Name: "M", Users: 5_000, Groups: 500, Depth: 5, Projects: 2_000, Objects: 20, ACLs: 50_000}
}

// Large is larger than any organization that is known.
func Large() Size {
	return Size{Name: "L", Users: 50_000, Groups: 5_000, Depth: 5, Projects: 10_000, Objects: 20, ACLs: 1_000_000}
}

// Sizes lists the three.
func Sizes() []Size { return []Size{Small(), Medium(), Large()} }
