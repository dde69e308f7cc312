package providers

import "embed"

// The files are what people read, by `hauth providers show`, and what the
// tests decode. Find takes the same Specs from builtin_gen.go, which a test
// makes from the files and proves current, because decoding YAML costs more
// than the rest of a cache hit. A new vendor is a file here and its answers in
// testdata; go generate does the rest.
//
//go:generate go test . -run Generated -update
//go:generate go test . -run Golden -update
//go:embed vendors/*.yaml
var vendorFiles embed.FS

// builtinSource is the file of a built-in provider.
func builtinSource(name string) []byte {
	src, _ := vendorFiles.ReadFile("vendors/" + name + fileSuffixes[0]) // builtin knows the name
	return src
}
