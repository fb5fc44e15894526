// Package compiled answers who may do what in an organization without looking at its records again. A
// snapshot is compiled into dense integers: cycles of groups become one, the closures of groups and roles
// are computed once, and the grants on a node are merged into one word for each principal, so that a check
// is a few searches in short sorted lists and allocates nothing.
//
// Its answers are those of access.State, which is the definition; property tests compare the two on
// organizations made to be hard. A compiled engine never changes and may be asked from several goroutines.
package compiled
