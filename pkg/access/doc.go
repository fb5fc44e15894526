// Package access is the permission model of Braintrust: nodes and their parents, subjects, grants, the
// labels that the web application shows, and the evaluator that answers what a principal may do and why.
//
// It is pure: no network, no files, no clock. A State is built from a Snapshot of an organization and can
// be changed step by step; questions never change it. The facts are those of the public API and of the
// product's documentation; where nothing is published the label table says so.
package access
