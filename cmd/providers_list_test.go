package cmd

import (
	"slices"
	"testing"

	"github.com/hauth/hauth/pkg/providers"
)

// TestProviderTableFits: on every terminal of a usual width each row is one
// line, with the name in it, whatever the vendors' names and labels are.
func TestProviderTableFits(t *testing.T) {
	var all [][]string
	for _, name := range (providers.Catalogue{}).Names() {
		p, err := (providers.Catalogue{}).Find(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, []string{p.Name, p.Title, p.Source, asks(p), origin(p)})
	}
	all = append(all, []string{"mine", "Mine", "-", "ID", "/home/user/.config/hauth/providers/mine.yaml"}, []string{"broken", "-", "-", "-", brokenOrigin + "/x:1: y"})
	for width := 62; width < 240; width++ {
		var rows [][]string
		for _, row := range all {
			rows = append(rows, slices.Clone(row))
		}
		heading, fitting := fitted([]string{"NAME", "TITLE", "SOURCE", "LOGIN ASKS FOR", "FROM"}, rows, width)
		if have := tableWidth(heading, fitting); have > width || heading[0] != "NAME" || heading[len(heading)-2] != "LOGIN ASKS FOR" {
			t.Errorf("%d columns take %d: %q", width, have, heading)
		}
		for i, row := range fitting {
			if len(row) != len(heading) || row[0] != all[i][0] {
				t.Fatalf("%d columns: %q", width, row)
			}
		}
	}
	if _, rows := fitted([]string{"NAME", "TITLE", "SOURCE", "LOGIN ASKS FOR", "FROM"}, all, 0); rows[len(rows)-2][4] != "/home/user/.config/hauth/providers/mine.yaml" {
		t.Error("where any width will do, a path is lost")
	}
}
