package providers

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest lists those of known that name is likely a slip for, the likeliest
// first and at most three.
func Nearest(name string, known []string) []string {
	if len(name) > 64 {
		return nil // no slip, and the distance costs its square
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
		if d <= max(1, (len(k)+1)/3) || part {
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

// distance is the Levenshtein distance, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
