package providers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/pkg/auth"
)

type reader = func(path string, n *yaml.Node)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// spec reads the fields of a provider file.
func (d *decoder) spec(root *yaml.Node, s *Spec) {
	d.fields("", root, map[string]reader{
		"name":       d.text(&s.Name),
		"title":      d.text(&s.Title),
		"docs":       d.text(&s.Docs),
		"note":       d.text(&s.Note),
		"unverified": d.text(&s.Unverified),
		"source":     d.text(&s.Source),
		"vars":       d.items(func(path string, n *yaml.Node) { s.Vars = append(s.Vars, d.variable(path, n)) }),
		"endpoint":   d.text(&s.Endpoint),
		"api":        d.lists(&s.API),
		"oauth2":     d.text(&d.oauth2),
		"request":    func(path string, n *yaml.Node) { d.request(path, n, &s.Request) },
		"ok": func(path string, n *yaml.Node) {
			s.OK = map[string][]string{}
			d.each(path, n, func(key, path string, n *yaml.Node) { s.OK[key] = d.list(path, n) })
		},
		"token":   d.lists(&s.Token),
		"expires": d.items(func(path string, n *yaml.Node) { s.Expires = append(s.Expires, d.expiry(path, n)) }),
		"error": func(path string, n *yaml.Node) {
			d.fields(path, n, map[string]reader{
				"code": d.lists(&s.Error.Code), "message": d.lists(&s.Error.Message), "trace": d.lists(&s.Error.Trace),
			})
		},
		"codes": d.texts(&s.Codes),
		"use": func(path string, n *yaml.Node) {
			d.fields(path, n, map[string]reader{
				"headers": d.texts(&s.Use.Headers), "query": d.texts(&s.Use.Query), "form": d.texts(&s.Use.Form),
				"refused": func(path string, n *yaml.Node) {
					d.fields(path, n, map[string]reader{"code": d.lists(&s.Use.Refused)})
				},
			})
		},
		"limits":  func(path string, n *yaml.Node) { d.limits(path, n, &s.Limits) },
		"jwt":     func(path string, n *yaml.Node) { d.jwt(path, n, &s.JWT) },
		"sign":    func(path string, n *yaml.Node) { d.sign(path, n, &s.Sign) },
		"rotate":  d.texts(&s.Rotate),
		"keep":    d.texts(&s.Keep),
		"command": d.words(&s.Command),
	})
}

// items reads a list, item by item.
func (d *decoder) items(read reader) reader {
	return func(path string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			d.wrong(path, n, "a list")
			return
		}
		for i, item := range n.Content {
			at := path + "." + strconv.Itoa(i)
			d.lines[at] = item.Line
			read(at, item)
		}
	}
}

func (d *decoder) variable(path string, n *yaml.Node) (v Var) {
	d.fields(path, n, map[string]reader{
		"name":     d.text(&v.Name),
		"label":    d.text(&v.Label),
		"is":       d.text(&v.Is),
		"default":  d.one(&v.Default),
		"secret":   d.flag(&v.Secret),
		"optional": d.flag(&v.Optional),
	})
	if v.Is == IsText {
		v.Is = ""
	}
	return v
}

func (d *decoder) request(path string, n *yaml.Node, r *Request) {
	d.fields(path, n, map[string]reader{
		"method":  d.text(&r.Method),
		"path":    d.text(&r.Path),
		"headers": d.texts(&r.Headers),
		"json":    d.object(&r.JSON),
		"as_text": d.lists(&r.AsText),
		"form":    d.texts(&r.Form),
		"query":   d.texts(&r.Query),
		"basic": func(path string, n *yaml.Node) {
			if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
				d.fail(n.Line, path+" must be a list of two: [id, secret]")
				return
			}
			r.Basic = d.list(path, n)
			// [client_id, client_secret] is short for ["{client_id}", "{client_secret}"].
			for i, part := range r.Basic {
				if validVarName(part) {
					r.Basic[i] = "{" + part + "}"
				}
			}
		},
		"basic_escape": func(path string, n *yaml.Node) {
			if n.Kind != yaml.ScalarNode || n.Value != "form" {
				d.fail(n.Line, path+" must be form, or left out")
				return
			}
			r.BasicForm = true
		},
	})
}

func (d *decoder) expiry(path string, n *yaml.Node) (x Expiry) {
	d.fields(path, n, map[string]reader{"at": d.text(&x.At), "as": d.text(&x.As), "zone": d.text(&x.Zone), "after": d.duration(&x.After)})
	return x
}

func (d *decoder) limits(path string, n *yaml.Node, l *auth.Limits) {
	d.fields(path, n, map[string]reader{
		"live": func(path string, n *yaml.Node) {
			i, err := strconv.Atoi(n.Value)
			if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || i < 0 {
				d.fail(n.Line, path+" must be a number that is 0 or more")
				return
			}
			l.Live = i
		},
		"every": d.duration(&l.Every),
	})
}

// duration reads "90s", "24h" or "30d".
func (d *decoder) duration(to *time.Duration) reader {
	return func(path string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Tag == "!!str" {
			if x, ok := parseDuration(n.Value); ok {
				*to = x
				return
			}
		}
		*to = unreadable
		d.fail(n.Line, fmt.Sprintf("%s must be a duration such as 90s, 24h or 30d", path))
	}
}

// unreadable stands for a duration that has already been reported.
const unreadable = -1

func parseDuration(s string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err == nil
	}
	x, err := time.ParseDuration(s)
	return x, err == nil && x >= 0
}
