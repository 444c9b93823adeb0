// The Kubernetes resource plugin of Pulumi, with the schema that its own module carries.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is set by the linker, and is the one that the npm package asks for.
var version = "0.0.0"

// Both files are copied here from the module before the build.

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var mapping []byte

func main() {
	provider.Serve("kubernetes", version, schema, mapping)
}
