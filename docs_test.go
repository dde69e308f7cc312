package main

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/hauth/hauth/pkg/providers"
)

// maxReadme is how many lines a README may have: nobody reads a longer one.
const maxReadme = 250

func TestDocsShellParses(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	for _, b := range blocksOf(t, "sh") {
		c := exec.Command("bash", "-n")
		c.Stdin = strings.NewReader(b.text)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s:%d: %v\n%s", b.file, b.line, err, out)
		}
	}
}

func TestDocsProvidersLint(t *testing.T) {
	checked := 0
	for _, b := range blocksOf(t, "yaml") {
		if !strings.HasPrefix(b.text, "name: ") {
			continue // a CI system's, or a part of a provider
		}
		checked++
		if _, err := providers.Parse([]byte(b.text)); err != nil {
			t.Errorf("%s:%d: %v", b.file, b.line, err)
		}
	}
	if checked == 0 {
		t.Error("no document shows a provider file")
	}
}

func TestDocsLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^()\s]+)\)`)
	checked := 0
	for _, file := range documents(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(src), -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.Scheme == "https" {
				if err != nil {
					t.Errorf("%s: link %s: %v", file, m[1], err)
				}
				continue
			}
			checked++
			target := file
			if u.Path != "" {
				target = filepath.Join(filepath.Dir(file), filepath.FromSlash(u.Path))
			}
			if _, err := os.Stat(target); err != nil || u.Scheme != "" {
				t.Errorf("%s: link %s leads nowhere", file, m[1])
				continue
			}
			if u.Fragment != "" && !hasHeading(t, target, u.Fragment) {
				t.Errorf("%s: link %s: no such heading", file, m[1])
			}
		}
	}
	if checked == 0 {
		t.Error("no document links to another")
	}
}

// hasHeading reports whether a heading of the file has this anchor.
func hasHeading(t *testing.T, file, anchor string) bool {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(src)) {
		marks, heading, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && marks != "" && strings.Trim(marks, "#") == "" && slug(heading) == anchor {
			return true
		}
	}
	return false
}

// slug is the anchor that forges give a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

func TestReadmeBegins(t *testing.T) {
	for _, file := range []string{"README.md", "README.zh-CN.md"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(src), "\n"); n > maxReadme {
			t.Errorf("%s has %d lines, more than %d", file, n, maxReadme)
		}
		first := ""
		for _, b := range readBlocks(t, file) {
			if b.lang == "sh" {
				first = b.text
				break
			}
		}
		if want := "go run . demo\nmake test\n"; first != want {
			t.Errorf("%s: the first commands are\n%s\nnot\n%s", file, first, want)
		}
	}
}

// TestDocsLanguagesGenerated checks that a document in Chinese has the same
// blocks as the English one, and with -update copies them.
func TestDocsLanguagesGenerated(t *testing.T) {
	translated := map[string]string{"README.zh-CN.md": "README.md"}
	files, err := filepath.Glob("docs/zh-CN/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		translated[file] = filepath.Join("docs", filepath.Base(file))
	}
	fenced := regexp.MustCompile("(?ms)^(<!-- test: [^\n]* -->\n)*```.*?^```$")
	for chinese, english := range translated {
		from, err := os.ReadFile(english)
		if err != nil {
			t.Fatal(err)
		}
		to, err := os.ReadFile(chinese)
		if err != nil {
			t.Fatal(err)
		}
		blocks := fenced.FindAll(from, -1)
		if have := len(fenced.FindAll(to, -1)); have != len(blocks) {
			t.Errorf("%s has %d blocks, %s %d", english, len(blocks), chinese, have)
			continue
		}
		next := 0
		want := fenced.ReplaceAllFunc(to, func([]byte) []byte {
			next++
			return blocks[next-1]
		})
		if *update {
			if err := os.WriteFile(chinese, want, 0o644); err != nil {
				t.Fatal(err)
			}
		} else if !bytes.Equal(to, want) {
			t.Errorf("the blocks of %s are not those of %s; run: make generate", chinese, english)
		}
	}
}
