package cmd

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// The JSON verbs. SOURCE is stdout, stderr or a file; its last line counts. A
// PATH is "." or keys and indices joined by dots: 0.account.
//
//	json SOURCE PATH REGEXP     the text of the value there matches as a whole
//	json-keys SOURCE PATH KEY...    the object there has exactly these keys
func addJSONVerbs(verbs map[string]func(*testscript.TestScript, bool, []string)) {
	verbs["json"] = verbJSON
	verbs["json-keys"] = verbJSONKeys
}

func verbJSON(ts *testscript.TestScript, neg bool, args []string) {
	value := jsonAt(ts, args[0], args[1])
	text, ok := value.(string)
	if !ok {
		b, err := json.Marshal(value)
		ts.Check(err)
		text = string(b)
	}
	re, err := regexp.Compile(`^(?s:` + args[2] + `)$`)
	ts.Check(err)
	if re.MatchString(text) == neg {
		ts.Fatalf("%s is %q", args[1], text)
	}
}

func verbJSONKeys(ts *testscript.TestScript, _ bool, args []string) {
	object, ok := jsonAt(ts, args[0], args[1]).(map[string]any)
	if !ok {
		ts.Fatalf("%s is not an object", args[1])
	}
	want := slices.Sorted(slices.Values(args[2:]))
	if have := slices.Sorted(maps.Keys(object)); !slices.Equal(have, want) {
		ts.Fatalf("the keys are %v, not %v", have, want)
	}
}

func jsonAt(ts *testscript.TestScript, source, path string) any {
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(source), "\n"), "\n")
	var value any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &value); err != nil {
		ts.Fatalf("%s is not JSON: %v", source, err)
	}
	value, err := walkJSON(value, strings.Trim(path, "."))
	ts.Check(err)
	return value
}

func walkJSON(value any, path string) (any, error) {
	if path == "" {
		return value, nil
	}
	step, rest, _ := strings.Cut(path, ".")
	switch v := value.(type) {
	case map[string]any:
		if inner, ok := v[step]; ok {
			return walkJSON(inner, rest)
		}
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i < len(v) {
			return walkJSON(v[i], rest)
		}
	}
	return nil, fmt.Errorf("there is nothing at %s", step)
}
