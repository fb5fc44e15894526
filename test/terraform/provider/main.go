// The model of a Terraform provider for Braintrust: projects, groups and ACLs, with one request for each operation on
// each resource, as public providers do. It exists to be measured, see docs/benchmarks.md, and is not to be used.
package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

func main() {
	err := providerserver.Serve(context.Background(), newModel, providerserver.ServeOpts{Address: "example.com/acme/model"})
	if err != nil {
		panic(err) // Terraform shows what a provider says when it dies
	}
}
