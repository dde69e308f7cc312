package providers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a provider file.
type Problem struct {
	Line   int // counted from 1; 0: the file as a whole
	Reason string
}

// Problems is everything that is wrong with a provider file, in the order of
// its lines.
type Problems []Problem

// Error gives one problem a line, as "line N: reason".
func (p Problems) Error() string { return p.join("", "line ") }

// In gives one problem a line, as "PATH:N: reason".
func (p Problems) In(path string) string { return p.join(path+": ", path+":") }

// join puts numbered before a line's number, and plain where there is none.
func (p Problems) join(plain, numbered string) string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = plain + problem.Reason
		if problem.Line > 0 {
			lines[i] = fmt.Sprintf("%s%d: %s", numbered, problem.Line, problem.Reason)
		}
	}
	return strings.Join(lines, "\n")
}

func (p Problems) sort() {
	slices.SortFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Reason, b.Reason))
	})
}
