package hauth

import (
	"iter"
	"runtime"
	"slices"
	"strings"
)

// Environ is a process's environment, each entry NAME=VALUE. Where a name
// occurs more than once the first entry counts, as for getenv(3). Windows
// compares names without regard to case.
type Environ []string

// foldNames reports that two names which differ in case are one.
const foldNames = runtime.GOOS == "windows"

// Get is the value of a variable; empty if there is none.
func (e Environ) Get(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// Lookup is the value of a variable, and whether it is set at all.
func (e Environ) Lookup(name string) (value string, set bool) {
	for _, entry := range e {
		if len(entry) > len(name) && entry[len(name)] == '=' && sameName(entry[:len(name)], name) {
			return entry[len(name)+1:], true
		}
	}
	return "", false
}

// Set replaces or adds a variable.
func (e Environ) Set(name, value string) Environ {
	entry := name + "=" + value
	i := slices.IndexFunc(e, func(have string) bool { return sameName(NameOf(have), name) })
	if i < 0 {
		return append(e, entry)
	}
	e[i] = entry
	return e
}

// withPrefix yields the rest of the name and the value of each variable whose
// name begins with prefix, which is in upper case.
func (e Environ) withPrefix(prefix string) iter.Seq2[string, string] {
	return func(yield func(rest, value string) bool) {
		for _, entry := range e {
			if len(entry) < len(prefix) || !sameName(entry[:len(prefix)], prefix) {
				continue
			}
			rest, value, ok := strings.Cut(entry[len(prefix):], "=")
			if foldNames {
				rest = strings.ToUpper(rest)
			}
			if ok && !yield(rest, value) {
				return
			}
		}
	}
}

// NameOf is the name in an entry NAME=VALUE; empty if it has none. Windows has
// entries that begin with "=", whose name includes that first character.
func NameOf(entry string) string {
	from := 0
	if foldNames && strings.HasPrefix(entry, "=") {
		from = 1
	}
	i := strings.IndexByte(entry[from:], '=')
	if i < 0 {
		return ""
	}
	return entry[:from+i]
}

func sameName(a, b string) bool {
	if foldNames {
		return strings.EqualFold(a, b)
	}
	return a == b
}
