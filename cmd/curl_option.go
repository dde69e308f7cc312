package cmd

import (
	"slices"
	"strings"
)

// curlOption is an option of curl's.
type curlOption struct {
	name   string
	letter byte // 0: it has none
	value  bool // it takes a value
}

// String is how a user may have written it.
func (o curlOption) String() string {
	if o.letter == 0 {
		return "--" + o.name
	}
	return "-" + string(o.letter) + " (--" + o.name + ")"
}

// longCurlOptions returns the option of that name, or else those of which it
// is the beginning: curl before 8.8 takes a beginning that fits one option
// only, in upper and lower case.
func longCurlOptions(name string) []curlOption {
	name = strings.ToLower(name)
	from, exact := slices.BinarySearchFunc(curlOptions[:], name, func(o curlOption, name string) int { return strings.Compare(o.name, name) })
	if exact {
		return curlOptions[from : from+1]
	}
	to := from
	for to < len(curlOptions) && strings.HasPrefix(curlOptions[to].name, name) {
		to++
	}
	return curlOptions[from:to]
}

func shortCurlOption(letter byte) (curlOption, bool) {
	i := slices.IndexFunc(curlOptions[:], func(o curlOption) bool { return o.letter == letter && letter != 0 })
	if i < 0 {
		return curlOption{}, false
	}
	return curlOptions[i], true
}
