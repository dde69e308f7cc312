package hauth

import (
	"iter"
	"runtime"
	"slices"
	"strings"
)

// Environ is a process's environment, each entry NAME=VALUE. Where a name
// occurs more than once the first entry counts, as for getenv(3). Windows
// compares names without regard to case, and so do all functions here when they
// run there.
type Environ []string

// foldNames reports whether names that differ only in case are the same.
const foldNames = runtime.GOOS == "windows"

// Get is the value of a variable; empty if there is none.
func (e Environ) Get(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// Lookup is the value of a variable, and whether it is set at all.
func (e Environ) Lookup(name string) (value string, set bool) {
	for _, entry := range e {
		if len(entry) > len(name) && entry[len(name)] == '=' && FoldName(entry[:len(name)]) == FoldName(name) {
			return entry[len(name)+1:], true
		}
	}
	return "", false
}

// Set replaces or adds a variable. The entry then has the name as given.
func (e Environ) Set(name, value string) Environ {
	entry := name + "=" + value
	name = FoldName(name)
	i := slices.IndexFunc(e, func(have string) bool { return NameOf(have) == name })
	if i < 0 {
		return append(e, entry)
	}
	e[i] = entry
	return e
}

// Unset removes variables. Like [Environ.Set] it changes the slice itself.
func (e Environ) Unset(names ...string) Environ {
	return slices.DeleteFunc(e, func(entry string) bool {
		name := NameOf(entry)
		return slices.ContainsFunc(names, func(unwanted string) bool { return FoldName(unwanted) == name })
	})
}

// Once returns a copy with only the first entry of each name, and without
// the entries that have no name.
func (e Environ) Once() Environ {
	once := make(Environ, 0, len(e)+4)
	seen := make(map[string]bool, len(e))
	for _, entry := range e {
		if name := NameOf(entry); name != "" && !seen[name] {
			seen[name] = true
			once = append(once, entry)
		}
	}
	return once
}

// withPrefix yields the rest of the name and the value of each variable whose
// name begins with prefix, which is in upper case.
func (e Environ) withPrefix(prefix string) iter.Seq2[string, string] {
	return func(yield func(rest, value string) bool) {
		for _, entry := range e {
			if len(entry) < len(prefix) || FoldName(entry[:len(prefix)]) != prefix {
				continue
			}
			rest, value, ok := strings.Cut(entry[len(prefix):], "=")
			if ok && !yield(FoldName(rest), value) {
				return
			}
		}
	}
}

// FoldName is the form in which names of variables are compared: the name
// itself, on Windows in upper case.
func FoldName(name string) string { return foldName(name, foldNames) }

func foldName(name string, fold bool) string {
	if fold {
		return strings.ToUpper(name)
	}
	return name
}

// NameOf is the name in an entry NAME=VALUE, in the form of [FoldName]; empty if
// it has none.
func NameOf(entry string) string {
	name, _ := SplitEntry(entry)
	return name
}

// SplitEntry takes an entry NAME=VALUE apart. The name is in the form of
// [FoldName], and empty if the entry has none.
func SplitEntry(entry string) (name, value string) { return splitEntry(entry, foldNames) }

// splitEntry accounts for Windows, which has entries that begin with "="
// ("=C:=C:\"), whose name includes that first character.
func splitEntry(entry string, fold bool) (name, value string) {
	from := 0
	if fold && strings.HasPrefix(entry, "=") {
		from = 1
	}
	rest, value, ok := strings.Cut(entry[from:], "=")
	if !ok || rest == "" {
		return "", ""
	}
	return foldName(entry[:from]+rest, fold), value
}
