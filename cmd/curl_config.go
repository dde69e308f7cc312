package cmd

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/providers"
)

// curlConfig is a config file for curl, with the URL where one is given. A
// token in the query becomes part of that URL; without one, curl adds it.
func curlConfig(c providers.Carried, target string) string {
	var b strings.Builder
	for _, h := range c.Headers {
		fmt.Fprintf(&b, "header = %s\n", curlQuote(h[0]+": "+h[1]))
	}
	for _, f := range c.Form {
		fmt.Fprintf(&b, "data = %s\n", curlQuote(url.QueryEscape(f[0])+"="+url.QueryEscape(f[1])))
	}
	for _, q := range c.Query {
		pair := url.QueryEscape(q[0]) + "=" + url.QueryEscape(q[1])
		if target == "" {
			fmt.Fprintf(&b, "url-query = %s\n", curlQuote("+"+pair))
			continue
		}
		target = addQuery(target, pair)
	}
	if target != "" {
		fmt.Fprintf(&b, "url = %s\n", curlQuote(target))
	}
	return b.String()
}

// addQuery appends a name=value pair to a URL's query, before any fragment.
func addQuery(target, pair string) string {
	target, fragment, has := strings.Cut(target, "#")
	if strings.Contains(target, "?") {
		target += "&" + pair
	} else {
		target += "?" + pair
	}
	if has {
		target += "#" + fragment
	}
	return target
}

// curlQuote quotes a value for curl's config files.
func curlQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\v", `\v`).Replace(s) + `"`
}

// curlWithoutURLQuery is the version of the installed curl, if it is too old
// for the option url-query; else empty.
func (a *app) curlWithoutURLQuery() string {
	path, err := exec.LookPath("curl")
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(a.ctx, 2*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, path, "-q", "--version")
	c.Env = foreignEnviron(a.env.Environ)
	out, err := c.Output()
	if version := curlVersion(string(out)); err == nil && version != "" && olderThan(version, 7, 87) {
		return version
	}
	return ""
}

// curlVersion is the version in the first line of curl --version.
func curlVersion(text string) string {
	words := strings.Fields(text)
	if len(words) < 2 || words[0] != "curl" || strings.Trim(words[1], "0123456789.") != "" {
		return ""
	}
	return words[1]
}

func olderThan(version string, major, minor int) bool {
	parts := append(strings.Split(version, "."), "0")
	a, errA := strconv.Atoi(parts[0])
	b, errB := strconv.Atoi(parts[1])
	return errA == nil && errB == nil && (a < major || a == major && b < minor)
}
