package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hauth/hauth/cmd"
)

// TestReadmeExitCodes checks that the READMEs' tables agree with `hauth help
// exit-codes`: the same codes, their JSON names, and in English the same
// words.
func TestReadmeExitCodes(t *testing.T) {
	var out bytes.Buffer
	env := cmd.Env{Args: []string{"help", "exit-codes"}, Environ: []string{"HOME=" + t.TempDir()}, Stdout: &out, Stderr: &out}
	if exit := cmd.Main(context.Background(), env); exit != 0 {
		t.Fatalf("exit %d: %s", exit, out.String())
	}
	help := map[string][2]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +(\d+) {2}(?:([a-z_]+) {2,})? *(.+)$`).FindAllStringSubmatch(out.String(), -1) {
		help[m[1]] = [2]string{m[2], m[3]}
	}
	if len(help) < 10 {
		t.Fatalf("the help lists %d exit codes only:\n%s", len(help), out.String())
	}
	for _, file := range []string{"README.md", "README.zh-CN.md"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		table := map[string][2]string{}
		for _, m := range regexp.MustCompile("(?m)^\\| (\\d+) \\| `?([a-z_]*)`? *\\| (.+) \\|$").FindAllStringSubmatch(string(src), -1) {
			table[m[1]] = [2]string{m[2], strings.ReplaceAll(m[3], "`", "")}
		}
		for _, code := range slices.Sorted(maps.Keys(help)) {
			have, want := table[code], help[code]
			if have[0] != want[0] || have[1] == "" || file == "README.md" && have[1] != want[1] {
				t.Errorf("%s: exit code %s is %q, the help says %q", file, code, have, want)
			}
		}
		if len(table) != len(help) {
			t.Errorf("%s lists %d exit codes, the help %d", file, len(table), len(help))
		}
	}
}
