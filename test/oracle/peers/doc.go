// Package peers measures btadmin's engine beside cedar-go and OpenFGA, in one process, on the same synthetic
// organizations, and compares every answer: `make bench-peers` prints one table.
package peers
