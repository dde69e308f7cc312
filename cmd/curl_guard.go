package cmd

import (
	"slices"
	"strings"

	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// curlGuard refuses what would send the token anywhere but to the account's
// API: other URLs, and the options with which curl connects elsewhere, reads
// further URLs from elsewhere, or follows redirects with the token.
type curlGuard struct {
	origins   []string // URLs whose origins may get the token
	mayFollow bool     // curl itself keeps the token from other hosts when it follows a redirect
}

// hauthFlags are those of hauth's flags that no option of curl's is called.
var hauthFlags = []string{"--quiet", "--debug", "--no-input", "--no-color", "--timeout"}

// check looks at the URL and at what follows it, as every curl from 7.81 on
// would read it.
func (g curlGuard) check(target string, args []string) error {
	if !g.allows(target) {
		return otherHost("%s is not at %s", printableURL(target), g.places())
	}
	unknown := "" // the option before this argument, if the argument may be its value
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" && unknown == "" { // the rest are URLs
			return g.checkURLs(args[i+1:])
		}
		if !strings.HasPrefix(arg, "-") {
			if !g.allows(arg) && unknown != "" {
				return otherHost("hauth does not know curl's %s: %s may be its value, or a second URL", auth.Printable(unknown), printableURL(arg))
			}
			if err := g.checkURLs(args[i : i+1]); err != nil {
				return err
			}
			unknown = ""
			continue
		}
		if name, _, _ := strings.Cut(arg, "="); slices.Contains(hauthFlags, name) {
			return usage("hauth curl "+name+" … ACCOUNT URL [CURL-ARG...]", "%s is a flag of hauth and goes before ACCOUNT; what follows ACCOUNT is passed to curl", name)
		}
		var next string
		if i+1 < len(args) {
			next = args[i+1]
		}
		takes, err := g.checkOption(arg, next)
		switch {
		case err != nil:
			return err
		case unknown != "" && takes != nothing:
			return otherHost("hauth does not know curl's %s: %s may be its value, or an option", auth.Printable(unknown), auth.Printable(arg))
		}
		unknown = ""
		switch takes {
		case nextArgument:
			i++
		case perhapsNextArgument:
			unknown = arg
		}
	}
	return nil
}

func (g curlGuard) checkURLs(urls []string) error {
	for _, u := range urls {
		if !g.allows(u) {
			return otherHost("%s would be a second URL, and is not at %s", printableURL(u), g.places())
		}
	}
	return nil
}

// What an argument that is an option does with the one after it.
const (
	nothing = iota
	nextArgument
	perhapsNextArgument
)

// checkOption looks at an option, or a cluster of short ones, and at its
// value, which may be the next argument.
func (g curlGuard) checkOption(arg, next string) (takes int, err error) {
	long, isLong := strings.CutPrefix(arg, "--")
	if !isLong {
		return g.checkShort(arg[1:], next)
	}
	if long == "" {
		return perhapsNextArgument, nil // the end of the options, unless it is an option's value
	}
	name, value, attached := strings.Cut(long, "=")
	if strings.HasPrefix(name, "no-") {
		return nothing, nil // curl refuses it before an option that takes a value
	}
	if !attached {
		value = next
	}
	options := longCurlOptions(strings.TrimPrefix(name, "expand-"))
	values := 0
	for _, o := range options {
		if err := g.checkUse(o, value); err != nil {
			return nothing, err
		}
		if o.value {
			values++
		}
	}
	switch {
	case attached, values == 0 && len(options) > 0:
		return nothing, nil
	case values == len(options) && len(options) > 0:
		return nextArgument, nil
	}
	return perhapsNextArgument, nil
}

// checkShort looks at a cluster such as sSL or ofile. An unknown letter may
// be any kind of option.
func (g curlGuard) checkShort(letters, next string) (takes int, err error) {
	known := true
	for i := range len(letters) {
		o, ok := shortCurlOption(letters[i])
		switch {
		case !ok:
			known = false
		case !o.value:
			err = g.checkUse(o, "")
		case i+1 < len(letters):
			return nothing, g.checkUse(o, letters[i+1:])
		case known:
			return nextArgument, g.checkUse(o, next)
		default:
			return perhapsNextArgument, g.checkUse(o, next)
		}
		if err != nil {
			return nothing, err
		}
	}
	if !known {
		return perhapsNextArgument, nil
	}
	return nothing, nil
}

// checkUse refuses the options that could send the token elsewhere. All other
// options, proxies among them, have values that do not get the token.
func (g curlGuard) checkUse(o curlOption, value string) error {
	switch o.name {
	case "url":
		return g.checkURLs([]string{value})
	case "location", "follow":
		if !g.mayFollow {
			return otherOption("curl's %s would carry the token to whatever host a redirect names", o)
		}
	case "request-target":
		if strings.Contains(value, "://") { // a proxy chooses the host by it
			return g.checkURLs([]string{value})
		}
	case "location-trusted", "connect-to", "resolve", "unix-socket", "abstract-unix-socket", "alt-svc":
		return otherOption("curl's %s could send the token to another host", o)
	case "config", "next":
		return otherOption("what follows curl's %s is not checked, and could lead to another host", o)
	}
	return nil
}

// allows reports whether a URL is one that may get the token.
func (g curlGuard) allows(target string) bool {
	return slices.ContainsFunc(g.origins, func(origin string) bool { return sameOrigin(origin, target) })
}

// places names the origins for a message.
func (g curlGuard) places() string {
	var places []string
	for _, o := range g.origins {
		places = append(places, originOf(o))
	}
	return strings.Join(text.Unique(places), " or ")
}

func printableURL(s string) string { return auth.Printable(withoutQuery(s)) }

func otherHost(format string, args ...any) error {
	return usage("write a path of the account's API, such as /x; for other hosts see: hauth curl --help", "refused: "+format, args...)
}

func otherOption(format string, args ...any) error {
	return usage("leave it out; hauth curl --help tells about other hosts", "refused: "+format, args...)
}
