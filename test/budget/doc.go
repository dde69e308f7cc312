// Package budget holds what a call of hauth may cost, in counts that do not
// depend on how fast or how busy the machine is: page faults, and what package
// initialisers allocate. Times would: make bench measures them.
//
// A hit does little, so most of its cost is that of being linked with what a
// miss needs: code that is mapped, variables that are set at start. The rule is
// that what comes new costs a hit nothing. It is broken by a regular expression
// or a table at package level, in hauth or in a dependency, and by work that a
// hit does though only a miss needs it.
//
// budget.txt has the figures. A change that is worth its cost raises them, and
// one that saves lowers them:
//
//	go test ./test/budget -update
//	test/with-keyring go test -tags keyring ./test/budget -run Keyring -update
//
// docs/performance.md says how the figures come about.
package budget
