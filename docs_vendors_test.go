package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/pkg/providers"
)

var update = flag.Bool("update", false, "write the generated part of docs/vendors.md")

// groups are the headings of docs/vendors.md, in order. A comment "# group: …"
// in each built-in provider's file names one of them.
var groups = []string{
	"clouds", "identity servers", "payments", "logistics and travel", "shops and business software",
	"chat and office", "AI", "push", "media, storage and devices",
}

// byGroup are the built-in providers under their headings, by name.
func byGroup(t *testing.T) map[string][]*providers.Provider {
	t.Helper()
	comment := regexp.MustCompile(`(?m)^# group: (.+)$`)
	grouped := map[string][]*providers.Provider{}
	for _, name := range (providers.Catalogue{}).Names() {
		p, err := (providers.Catalogue{}).Find(name)
		if err != nil {
			t.Fatal(err)
		}
		found := comment.FindAllSubmatch(p.File(), -1)
		if len(found) != 1 || !slices.Contains(groups, string(found[0][1])) {
			t.Fatalf(`vendors/%s.yaml: one comment "# group: …" must name one of %q`, name, groups)
		}
		group := string(found[0][1])
		grouped[group] = append(grouped[group], p)
	}
	for _, list := range grouped {
		slices.SortFunc(list, func(a, b *providers.Provider) int { return strings.Compare(a.Name, b.Name) })
	}
	return grouped
}

// TestDocsVendorsGenerated checks that docs/vendors.md lists the built-in
// providers as in their files.
func TestDocsVendorsGenerated(t *testing.T) {
	const begin, end = "<!-- generated from pkg/providers/vendors: run make generate -->\n", "<!-- end of what is generated -->\n"
	file := "docs/vendors.md"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(src, []byte(begin))
	_, after, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		t.Fatalf("%s lacks the marks of its generated part", file)
	}
	want := slices.Concat(before, []byte(begin), []byte(vendorTables(byGroup(t))), []byte(end), after)
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(src, want) {
		t.Errorf("%s is not current; run: make generate", file)
	}
}

func vendorTables(grouped map[string][]*providers.Provider) string {
	var b strings.Builder
	cell := strings.NewReplacer("|", `\|`, "\n", " ").Replace
	for _, group := range groups {
		fmt.Fprintf(&b, "\n### %s\n\n| provider | vendor | login asks for | a call carries | facts from | note |\n|---|---|---|---|---|---|\n", group)
		for _, p := range grouped[group] {
			fmt.Fprintf(&b, "| `%s` | [%s](%s) | %s | %s | %s | %s |\n",
				p.Name, cell(p.Title), p.Docs, cell(asked(p)), cell(carried(p)), p.Source, cell(p.Note))
		}
	}
	return b.String() + "\n"
}

// asked is what login asks for, in the vendor's terms. What has a default or
// may be left out is in brackets.
func asked(p *providers.Provider) string {
	var labels []string
	if p.NeedsEndpoint() {
		labels = append(labels, "Endpoint")
	}
	for _, v := range p.Vars {
		label, _, _ := strings.Cut(v.Label, ", ") // the rest explains it
		if v.Optional || v.Default != "" {
			label = "[" + label + "]"
		}
		labels = append(labels, label)
	}
	return strings.Join(labels, ", ")
}

// carried is where an API call has the token, and what it has besides.
func carried(p *providers.Provider) string {
	var parts []string
	add := func(format string, values map[string]string) {
		names := make([]string, 0, len(values))
		for name := range values {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			parts = append(parts, fmt.Sprintf(format, name, strings.ReplaceAll(values[name], "{token}", "…")))
		}
	}
	add("`%s: %s`", p.Use.Headers)
	add("`?%s=%s`", p.Use.Query)
	add("form `%s=%s`", p.Use.Form)
	return strings.Join(parts, ", ")
}

// TestReadmeGroups checks the numbers of providers in both READMEs: the three
// vendors that have their own row are not counted again.
func TestReadmeGroups(t *testing.T) {
	row := regexp.MustCompile(`(?m)^\| \[[^\]]+\]\(docs/vendors\.md#([a-z-]+)\) \| (.+) \|$`)
	grouped := byGroup(t)
	for file, total := range map[string]string{"README.md": "\n%d more are built in", "README.zh-CN.md": "内置了 %d 家"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]string{}
		for _, m := range row.FindAllStringSubmatch(string(src), -1) {
			have[m[1]] = m[2]
		}
		all := 0
		for _, group := range groups {
			var names []string
			for _, p := range grouped[group] {
				if !slices.Contains([]string{"123pan", "hitem3d", "wahool", "wahool-authorization"}, p.Name) {
					names = append(names, "`"+p.Name+"`")
				}
			}
			all += len(names)
			if want := fmt.Sprintf("%d: %s", len(names), strings.Join(names, " ")); have[slug(group)] != want {
				t.Errorf("%s: the row of %s must be\n| [%s](docs/vendors.md#%s) | %s |", file, group, group, slug(group), want)
			}
		}
		if total = fmt.Sprintf(total, all); !strings.Contains(string(src), total) {
			t.Errorf("%s must say %q", file, total)
		}
	}
}
