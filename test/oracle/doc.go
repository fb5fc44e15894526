// Package oracle compares btadmin with evaluators that nobody here wrote: OpenFGA, run in process, which is given
// what `btadmin access export --format openfga` writes, and cedar-go. It is a module of its own, so that their
// dependencies never enter btadmin's go.mod.
package oracle
