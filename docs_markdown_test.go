package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// block is a fenced block of a Markdown file.
type block struct {
	file  string
	line  int // of the opening fence, counted from 1
	lang  string
	text  string
	setup []string // the directives of <!-- test: … --> comments directly before it
}

// readBlocks returns the fenced blocks of a Markdown file. A directive
// without a block after it is an error, since it would have no effect.
func readBlocks(t *testing.T, file string) []block {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	var setup, lines []string
	var open *block
	for i, line := range strings.Split(string(src), "\n") {
		trimmed := strings.TrimSpace(line)
		directive, isDirective := strings.CutPrefix(trimmed, "<!-- test: ")
		switch {
		case open != nil && trimmed == "```":
			open.text = strings.Join(lines, "\n") + "\n"
			blocks = append(blocks, *open)
			open, lines = nil, nil
		case open != nil:
			lines = append(lines, line)
		case strings.HasPrefix(trimmed, "```"):
			open = &block{file: file, line: i + 1, lang: strings.TrimPrefix(trimmed, "```"), setup: setup}
			setup = nil
		case isDirective:
			setup = append(setup, strings.TrimSpace(strings.TrimSuffix(directive, "-->")))
		case trimmed != "" && len(setup) > 0:
			t.Fatalf("%s:%d: a test directive is not followed by a block", file, i+1)
		}
	}
	if open != nil || len(setup) > 0 {
		t.Fatalf("%s ends within a block, or after a directive", file)
	}
	return blocks
}

// documents are the project's Markdown files.
func documents(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, want := range []string{"README.md", "README.zh-CN.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/getting-started.md"} {
		if !slices.Contains(files, filepath.FromSlash(want)) {
			t.Fatalf("%s is missing", want)
		}
	}
	return files
}

// blocksOf returns all blocks of one language, in all documents.
func blocksOf(t *testing.T, lang string) []block {
	t.Helper()
	var blocks []block
	for _, file := range documents(t) {
		for _, b := range readBlocks(t, file) {
			if b.lang == lang {
				blocks = append(blocks, b)
			}
		}
	}
	if len(blocks) == 0 {
		t.Fatalf("no document has a %s block", lang)
	}
	return blocks
}
