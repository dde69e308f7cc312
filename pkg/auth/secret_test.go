package auth

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"text/template"
)

const canary = "kL9vQ2xW7rT4-canary"

// holders hold a secret in every way in which a value may.
func holders() map[string]any {
	s := NewSecret(canary)
	type exported struct{ S Secret }
	type unexported struct{ s Secret }
	type pointer struct{ s *Secret }
	type deep struct{ in []map[string]any }
	type embedded struct{ Secret }
	return map[string]any{
		"itself": s, "pointer": &s, "field": exported{s}, "unexported": unexported{s}, "pointer to unexported": &unexported{s}, "pointer field": pointer{&s}, "embedded": embedded{s},
		"slice": []Secret{s}, "array": [1]Secret{s}, "map value": map[string]Secret{"k": s}, "map key": map[Secret]int{s: 1}, "any": []any{s}, "deep": deep{[]map[string]any{{"k": unexported{s}}}},
		"token": Token{Value: s}, "credentials": Credentials{Vars: map[string]Secret{"v": s}}, "channel": make(chan Secret), "function": func() Secret { return s },
	}
}

func shows(text string) bool {
	return strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) || strings.Contains(text, fmt.Sprintf("%X", canary)) || strings.Contains(text, fmt.Sprint([]byte(canary)))
}

func TestSecretUnderEveryVerb(t *testing.T) {
	for name, v := range holders() {
		for verb := byte('!'); verb <= '~'; verb++ {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "# ", "40.40", "[1]", "*", ".3"} {
				format := "%" + flags + string(verb)
				if text := fmt.Sprintf(format, v); shows(text) {
					t.Errorf("%s under %s: %s", name, format, text)
				}
			}
		}
		// Formats that do not fit their arguments print them in another way.
		for _, misfit := range []string{"%!", "x", "%[2]v", "%[1]*v", "%.*v", "%v %v", "%[x]v"} {
			if text := fmt.Sprintf(misfit, v); shows(text) {
				t.Errorf("%s under %s: %s", name, misfit, text)
			}
		}
		for _, text := range []string{fmt.Sprint(v), fmt.Sprintln(v), fmt.Sprint(&v), fmt.Errorf("x: %v %d", v, v).Error(), errors.Join(fmt.Errorf("%s", v)).Error()} {
			if shows(text) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
	for _, verb := range []string{"%v", "%s", "%q", "%x", "%X", "%d", "%+v", "%#v", "%U", "%t", "%e"} {
		if text := fmt.Sprintf(verb, NewSecret(canary)); text != Redacted {
			t.Errorf("%s gives %q", verb, text)
		}
		if text := fmt.Sprintf(verb, Secret{}); text != Redacted {
			t.Errorf("%s of an empty secret gives %q, which reveals that it is empty", verb, text)
		}
	}
}

func TestSecretInEncoders(t *testing.T) {
	for name, v := range holders() {
		var logged bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
			l := slog.New(h)
			l.Info("x", "k", v, slog.Group("g", "k", v), slog.Any("e", fmt.Errorf("%v", v)))
			l.With("k", v).WithGroup("g").Error(fmt.Sprint(v), "k", []any{v})
		}
		log.New(&logged, "", 0).Print(v, &v)
		if shows(logged.String()) {
			t.Errorf("%s in a log: %s", name, logged.String())
		}
		b, err := json.Marshal(v)
		if shows(string(b)) || err != nil && shows(err.Error()) {
			t.Errorf("%s in JSON: %s, %v", name, b, err)
		}
		b, err = xml.Marshal(v)
		if shows(string(b)) || err != nil && shows(err.Error()) {
			t.Errorf("%s in XML: %s, %v", name, b, err)
		}
		var g bytes.Buffer
		if err := gob.NewEncoder(&g).Encode(v); shows(g.String()) || err != nil && shows(err.Error()) {
			t.Errorf("%s in gob: %v", name, err)
		}
		var rendered bytes.Buffer
		err = template.Must(template.New("").Parse(`{{.}} {{printf "%s %v %x" . . .}} {{html .}} {{js .}} {{print .}}`)).Execute(&rendered, v)
		if shows(rendered.String()) || err != nil && shows(err.Error()) {
			t.Errorf("%s in a template: %s, %v", name, rendered.String(), err)
		}
	}
	// Encoding a secret is an error, since the record would be wrong without
	// notice.
	for _, v := range []any{NewSecret(canary), &Token{Value: NewSecret(canary)}, Credentials{Vars: map[string]Secret{"v": NewSecret(canary)}}} {
		if b, err := json.Marshal(v); err == nil {
			t.Errorf("encoded as %s", b)
		}
	}
	if text, err := NewSecret(canary).MarshalText(); err != nil || string(text) != Redacted {
		t.Error(string(text), err)
	}
}

// TestSecretInAPanic: what the runtime writes of a value that was panicked
// with.
func TestSecretInAPanic(t *testing.T) {
	const variable = "AUTH_TEST_PANIC"
	if name := os.Getenv(variable); name != "" {
		panic(holders()[name])
	}
	for name := range holders() {
		c := exec.Command(os.Args[0], "-test.run=^TestSecretInAPanic$")
		c.Env = append(os.Environ(), variable+"="+name)
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic") {
			t.Errorf("%s: no panic: %v", name, err)
		}
		if shows(string(out)) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestSecretItself(t *testing.T) {
	s := NewSecret(canary)
	if s.Reveal() != canary || s.IsEmpty() || !NewSecret("").IsEmpty() || (Secret{}).Reveal() != "" || s.String() != Redacted {
		t.Error("a secret does not keep its value")
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{{"a", "a", true}, {"a", "b", false}, {"a", "ab", false}, {"", "", true}, {"", "a", false}, {canary, canary, true}} {
		if NewSecret(test.a).Equal(NewSecret(test.b)) != test.want {
			t.Errorf("%q and %q", test.a, test.b)
		}
	}
	if have := NewSecret("abc").SHA256(); have != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Error(have)
	}
}
