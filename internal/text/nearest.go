package text

import (
	"cmp"
	"slices"
	"strings"
)

// maxSlip is the length, in bytes, of the longest name that is compared: the time
// that it takes grows with its square.
const maxSlip = 64

// Nearest lists the known names that name is probably a misspelling of, the most
// probable first, at most three.
func Nearest(name string, known []string) []string {
	if len(name) > maxSlip {
		return nil
	}
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	lower := strings.ToLower(name)
	for _, k := range known {
		d := distance(lower, k)
		// A part of a name counts as well: "pan", "hitem".
		part := len(lower) >= 3 && (strings.Contains(k, lower) || strings.HasPrefix(lower, k+"-"))
		// Where nothing is left of a name, it is another one and no misspelling.
		slip := d <= max(1, (len(k)+1)/3) && d < max(len(lower), len(k))
		if slip || part {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range near[:min(3, len(near))] {
		names = append(names, c.name)
	}
	return names
}

// distance is the Damerau–Levenshtein distance, in bytes: how many insertions,
// deletions, changes and swaps of two neighbours lead from a to b if no part
// is edited twice.
func distance(a, b string) int {
	var before, last []int // the rows for a[:i-2] and a[:i-1]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
