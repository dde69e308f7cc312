package cmd

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// The files of a script, on systems without a POSIX shell too:
//
//	write FILE TEXT [N]         a private file of N times TEXT (1), in which \n,
//	                            \x1b and the like stand for what they do in Go
//	append FILE TEXT            the same, behind what is there
//	change FILE OLD NEW...      replace text that must occur
//	cut FILE N                  take its last N bytes away
//	files [-sums] DIR...        stdout then has the files below, with their SHA-256
//	copy-tree FROM TO           a directory, with its modes
//	set-from NAME SOURCE        sets $NAME, for the script alone, to a file, stdout
//	                            or stderr, without its last newline
//	digest [-upper] NAME SOURCE     the same with the SHA-256 of that
func addFileVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["write"] = verbWrite
	verbs["append"] = verbAppend
	verbs["change"] = verbChange
	verbs["cut"] = verbCut
	verbs["files"] = verbFiles
	verbs["copy-tree"] = verbCopyTree
	verbs["set-from"] = verbSetFrom
	verbs["digest"] = verbDigest
}

func unescaped(ts *testscript.TestScript, text string) string {
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	ts.Check(err)
	return text
}

func verbWrite(ts *testscript.TestScript, _ bool, args []string) {
	text := unescaped(ts, args[1])
	if len(args) > 2 {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		text = strings.Repeat(text, n)
	}
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, []byte(text), 0o600))
}

func verbAppend(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0]) + unescaped(ts, args[1])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func verbChange(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	for pair := range slices.Chunk(args[1:], 2) {
		if !strings.Contains(text, pair[0]) {
			ts.Fatalf("%s does not hold %s", args[0], pair[0])
		}
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func verbCut(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:len(text)-n]), 0o600))
}

// verbFiles lists what is below directories, of which some may not exist.
func verbFiles(ts *testscript.TestScript, _ bool, args []string) {
	sums := args[0] == "-sums"
	if sums {
		args = args[1:]
	}
	var found []string
	for _, dir := range args {
		dir = ts.MkAbs(dir)
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || d.IsDir() {
				return err
			}
			rel, _ := filepath.Rel(dir, path)
			line := filepath.ToSlash(rel)
			if sums {
				line += " " + sha256Of(ts.ReadFile(path))
			}
			found = append(found, line+"\n")
			return nil
		})
		ts.Check(err)
	}
	slices.Sort(found)
	ts.Stdout().Write([]byte(strings.Join(found, "")))
}

func verbCopyTree(ts *testscript.TestScript, _ bool, args []string) {
	from, to := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), info.Mode().Perm())
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, info.Mode().Perm())
	})
	ts.Check(err)
}

func verbSetFrom(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSuffix(ts.ReadFile(args[1]), "\n"))
}

func verbDigest(ts *testscript.TestScript, _ bool, args []string) {
	letters := strings.ToLower
	if args[0] == "-upper" {
		letters, args = strings.ToUpper, args[1:]
	}
	ts.Setenv(args[0], letters(sha256Of(strings.TrimSuffix(ts.ReadFile(args[1]), "\n"))))
}

func sha256Of(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
