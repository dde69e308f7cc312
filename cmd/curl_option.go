package cmd

import (
	"slices"
	"strings"
)

// curlOption is one of curl's options.
type curlOption struct {
	name   string
	letter byte // 0: none
	value  bool // it takes a value
}

// String is how a user may have written it.
func (o curlOption) String() string {
	if o.letter == 0 {
		return "--" + o.name
	}
	return "-" + string(o.letter) + " (--" + o.name + ")"
}

// longCurlOptions returns the option of that name, or else those whose names
// it abbreviates: curl before 8.8 accepts an unambiguous abbreviation, in
// upper and lower case.
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
