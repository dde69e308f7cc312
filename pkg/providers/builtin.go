package providers

import "embed"

// The files are what people read, by `hauth providers show`, and what the
// tests decode. Find takes the same Specs from builtin_gen.go, which a test
// makes from the files and proves current, because decoding YAML costs more
// than the rest of a cache hit.
//
//go:embed vendors/*.yaml
var vendorFiles embed.FS

// builtinNames lists the built-in providers in the order in which they are
// shown.
func builtinNames() []string {
	return []string{"123pan", "hitem3d", "wahool", "wahool-authorization"}
}

// builtinSource is the file of a built-in provider.
func builtinSource(name string) []byte {
	src, _ := vendorFiles.ReadFile("vendors/" + name + fileSuffix) // builtin knows the name
	return src
}
