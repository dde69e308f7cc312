// Mutants proves that the second lines of defence are tested: each mutant of the
// list takes one away, and the test that the list names must then fail. From the
// repository's root:
//
//	go run ./test/mutants [-find] [WORD]
//
// Nothing in the tree is changed: the compiler gets the mutant as an overlay.
// WORD tries only mutants whose block has it; -find runs all of a package's
// tests, and names those that fail, for a new block of the list.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// A block of the list begins with the file and the test that must fail,
// PACKAGE NAME; lines with "-" are the text that is replaced, which must be
// there exactly once, by the lines with "+".
//
//go:embed list.txt
var list string

type mutant struct {
	why, file, pkg, test string
	from, to             string
}

func main() {
	find := flag.Bool("find", false, "name all tests that fail")
	flag.Parse()
	mutants, err := parse(list)
	if err == nil {
		err = run(mutants, flag.Arg(0), *find)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func parse(list string) ([]mutant, error) {
	var mutants []mutant
	for _, block := range strings.Split(strings.TrimSpace(list), "\n\n") {
		var m mutant
		for _, line := range strings.Split(block, "\n") {
			kind, text := line[:1], line[min(2, len(line)):]
			switch kind {
			case "#":
				m.why += text + " "
			case "-":
				m.from += text + "\n"
			case "+":
				m.to += text + "\n"
			default:
				fields := strings.Fields(line)
				if len(fields) != 3 {
					return nil, fmt.Errorf("not FILE PACKAGE TEST: %q", line)
				}
				m.file, m.pkg, m.test = fields[0], fields[1], fields[2]
			}
		}
		m.from, m.to = strings.TrimSuffix(m.from, "\n"), strings.TrimSuffix(m.to, "\n")
		mutants = append(mutants, m)
	}
	return mutants, nil
}

func run(mutants []mutant, word string, find bool) error {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var survived, tried int
	for _, m := range mutants {
		if word != "" && !strings.Contains(m.why+m.file+m.pkg+m.test, word) {
			continue
		}
		tried++
		failed, err := m.try(dir, find)
		switch {
		case err != nil:
			return fmt.Errorf("%s (%s): %w", m.file, strings.TrimSpace(m.why), err)
		case len(failed) == 0:
			survived++
			fmt.Printf("SURVIVED  %s: %s\n", m.file, m.why)
		default:
			fmt.Printf("killed    %s: %s(%s)\n", m.file, m.why, strings.Join(failed, " "))
		}
	}
	fmt.Printf("%d mutants, %d survived\n", tried, survived)
	if survived > 0 {
		return errors.New("a defence is not tested")
	}
	return nil
}

var failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// try builds the mutant and runs its test. The result names what failed.
func (m mutant) try(dir string, find bool) (failed []string, err error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(source), m.from); n != 1 {
		return nil, fmt.Errorf("the text is there %d times, not once", n)
	}
	path, err := filepath.Abs(m.file)
	if err != nil {
		return nil, err
	}
	changed, overlay := filepath.Join(dir, "mutant.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(source), m.from, m.to, 1)), 0o600); err != nil {
		return nil, err
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return nil, err
	}
	args := []string{"test", "-overlay", overlay, "-count=1", "-timeout=4m", m.pkg}
	if !find {
		args = append(args, "-run", "^"+strings.ReplaceAll(m.test, "/", "$/^")+"$")
	}
	out, err := exec.Command("go", args...).CombinedOutput()
	var ended *exec.ExitError
	switch {
	case bytes.Contains(out, []byte("[build failed]")), bytes.Contains(out, []byte("no tests to run")), err != nil && !errors.As(err, &ended):
		return nil, fmt.Errorf("the test did not run: %s", out)
	case err == nil:
		return nil, nil
	}
	for _, match := range failedTest.FindAllStringSubmatch(string(out), -1) {
		failed = append(failed, match[1])
	}
	if len(failed) == 0 {
		return nil, fmt.Errorf("it ended without a failed test: %s", out)
	}
	return failed, nil
}
