// Package terraform measures btadmin beside Terraform on the same organizations, and compares what both made of them.
//
//	make bench-terraform          prints the tables of docs/benchmarks.md; takes minutes, Terraform is compiled first
//	go test ./...                 the same on a small organization
//	TERRAFORM=path go test ./...  a program that is built already, of any version; OpenTofu does too
//
// Terraform itself is the real one. The provider is a model (folder provider): the public ones are on no registry that
// this project uses. It was written from the source and documentation of a public provider, which sends one request for
// each operation on each resource. It is a module of its own, so that none of this gets into the program.
package terraform
