package providers

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "regenerate builtin_gen.go and the request goldens")

// TestBuiltinGenerated proves that builtin_gen.go and vendors.gz say what the
// files say.
func TestBuiltinGenerated(t *testing.T) {
	want := generateBuiltin(t)
	if *update {
		if err := os.WriteFile("builtin_gen.go", want, 0o644); err != nil {
			t.Fatal(err)
		}
		writeVendors(t)
		return
	}
	have, err := os.ReadFile("builtin_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("builtin_gen.go is not current; run: go test ./pkg/providers -run TestBuiltinGenerated -update")
	}
	for _, name := range builtinNames() {
		file := vendorFile(t, name)
		if !bytes.Equal(builtinSource(name), file) {
			t.Errorf("%s: vendors.gz is not current; run: go test ./pkg/providers -run TestBuiltinGenerated -update", name)
		}
		spec, err := Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(builtin(name), spec) {
			t.Errorf("%s: the generated Spec differs from the file's", name)
		}
		if len(spec.Command) > 0 {
			t.Errorf("%s runs a program, which is for a user's own provider", name)
		}
	}
}

func vendorFile(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile("vendors/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// writeVendors makes vendors.gz.
func writeVendors(t *testing.T) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range vendorNames(t) {
		fmt.Fprintf(z, "%s%s\n%s", vendorMark, name, vendorFile(t, name))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("vendors.gz", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// vendorNames lists the files of vendors/: those that every release has had,
// then the others in order.
func vendorNames(t *testing.T) []string {
	files, err := filepath.Glob("vendors/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var first, names []string
	for _, file := range files {
		name, _ := providerName(filepath.Base(file))
		if (Catalogue{}).IsReserved(name) {
			first = append(first, name)
			continue
		}
		names = append(names, name)
	}
	slices.Sort(first)
	slices.Sort(names)
	return append(first, names...)
}

func generateBuiltin(t *testing.T) []byte {
	var b, bodies bytes.Buffer
	b.WriteString("// Code generated from vendors/*.yaml by TestBuiltinGenerated; DO NOT EDIT.\n\npackage providers\n\nimport \"github.com/hauth/hauth/pkg/auth\"\n\n")
	names := vendorNames(t)
	b.WriteString("// builtinNames lists the built-in providers in the order in which they are\n// shown.\nfunc builtinNames() []string {\nreturn []string{\n")
	for _, name := range names {
		fmt.Fprintf(&b, "%q,\n", name)
	}
	b.WriteString("}\n}\n\n// builtin returns the Spec of a built-in provider, nil for any other name.\n")
	b.WriteString("func builtin(name string) *Spec {\nswitch name {\n")
	for _, name := range names {
		spec, err := Parse(vendorFile(t, name))
		if err != nil {
			t.Fatalf("vendors/%s.yaml: %v", name, err)
		}
		if spec.Name != name {
			t.Fatalf("vendors/%s.yaml is named %s", name, spec.Name)
		}
		function := "builtin"
		for part := range strings.SplitSeq(name, "-") {
			function += strings.ToUpper(part[:1]) + part[1:]
		}
		fmt.Fprintf(&b, "case %q:\nreturn %s()\n", name, function)
		fmt.Fprintf(&bodies, "\nfunc %s() *Spec {\nreturn &%s\n}\n", function, literal(reflect.ValueOf(*spec)))
	}
	b.WriteString("}\nreturn nil\n}\n")
	b.Write(bodies.Bytes())
	source, err := format.Source(b.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	return source
}

// literal is a value as Go source, without the fields that are zero.
func literal(v reflect.Value) string {
	typeName := strings.ReplaceAll(strings.ReplaceAll(v.Type().String(), "providers.", ""), "interface {}", "any")
	var b strings.Builder
	switch v.Kind() {
	case reflect.Struct:
		b.WriteString(typeName + "{\n")
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				fmt.Fprintf(&b, "%s: %s,\n", v.Type().Field(i).Name, literal(v.Field(i)))
			}
		}
		return b.String() + "}"
	case reflect.Slice:
		b.WriteString(typeName + "{\n")
		for i := range v.Len() {
			// gofmt -s wants an element without its type.
			item := literal(v.Index(i))
			if v.Index(i).Kind() == reflect.Struct {
				item = item[strings.Index(item, "{"):]
			}
			b.WriteString(item + ",\n")
		}
		return b.String() + "}"
	case reflect.Map:
		b.WriteString(typeName + "{\n")
		keys := map[string]reflect.Value{}
		for _, key := range v.MapKeys() {
			keys[key.String()] = v.MapIndex(key)
		}
		for _, key := range sortedKeys(keys) {
			item := literal(keys[key])
			if v.Type().Elem().Kind() == reflect.Slice {
				item = item[strings.Index(item, "{"):]
			}
			fmt.Fprintf(&b, "%q: %s,\n", key, item)
		}
		return b.String() + "}"
	case reflect.Interface:
		return literal(v.Elem())
	}
	if d, ok := v.Interface().(time.Duration); ok {
		return fmt.Sprintf("%d /* %v */", int64(d), d)
	}
	switch n := v.Interface().(type) {
	case int64:
		return fmt.Sprintf("int64(%d)", n) // an untyped number would be an int
	case float64:
		return fmt.Sprintf("float64(%v)", n)
	}
	return fmt.Sprintf("%#v", v.Interface())
}
