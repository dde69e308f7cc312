package providers

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

// The files in vendors/ are what people read, by `hauth providers show`. The
// program holds them twice, in forms that a test makes from the files and
// proves current: vendors.gz has them as they stand, and builtin_gen.go has
// their Specs as Go, because decoding YAML costs more than the rest of a cache
// hit. A new vendor is a file there and its answers in testdata; go
// generate does the rest.
//
//go:generate go test . -run Generated -update
//go:generate go test . -run Golden -update
//go:embed vendors.gz
var vendorFiles []byte

// vendorMark begins the line before each file in vendors.gz; the provider's
// name follows. No YAML begins a line with it.
const vendorMark = "\x00"

// builtinSource is the file of a built-in provider.
func builtinSource(name string) []byte {
	z, err := gzip.NewReader(bytes.NewReader(vendorFiles))
	if err != nil {
		return nil
	}
	all, err := io.ReadAll(z)
	if err != nil {
		return nil // a test reads each
	}
	_, after, _ := bytes.Cut(all, []byte(vendorMark+name+"\n"))
	file, _, _ := bytes.Cut(after, []byte(vendorMark))
	return file
}
