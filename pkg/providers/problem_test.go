package providers

import (
	"fmt"
	"testing"
)

// TestProblemsOnOneLineKeepTheirOrder: fields and templates are maps, whose
// order let the first problem of a line, which Find shows, differ by the run.
func TestProblemsOnOneLineKeepTheirOrder(t *testing.T) {
	src := fmt.Sprintf(plainSpec, `form: {id: "{id}", secret: "{secret}", a: "{aa}", b: "{bb}", c: "{cc}"}`, secondsUse)
	_, first := parse([]byte(src))
	if len(first) != 3 {
		t.Fatal(first)
	}
	for range 50 {
		if _, again := parse([]byte(src)); again.Error() != first.Error() {
			t.Fatalf("%v, then %v", first, again)
		}
	}
}

// TestProblemsOfTheWholeFile: one that has no line once stood at line 1 of a
// file that is not there.
func TestProblemsOfTheWholeFile(t *testing.T) {
	p := Problems{{Reason: "there is no such file"}, {Line: 2, Reason: "b"}}
	if have := p.In("x.yaml"); have != "x.yaml: there is no such file\nx.yaml:2: b" {
		t.Error(have)
	}
	if have := p.Error(); have != "there is no such file\nline 2: b" {
		t.Error(have)
	}
}
