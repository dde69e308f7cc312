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
		"vars":       d.items(func(path string, n *yaml.Node) { s.Vars = append(s.Vars, d.variable(path, n)) }),
		"endpoint":   d.text(&s.Endpoint),
		"request":    func(path string, n *yaml.Node) { d.request(path, n, &s.Request) },
		"ok": func(path string, n *yaml.Node) {
			s.OK = map[string][]string{}
			d.each(path, n, func(key, path string, n *yaml.Node) { s.OK[key] = d.list(path, n) })
		},
		"token":   d.text(&s.Token),
		"expires": d.items(func(path string, n *yaml.Node) { s.Expires = append(s.Expires, d.expiry(path, n)) }),
		"error": func(path string, n *yaml.Node) {
			to := func(list *[]string) reader {
				return func(path string, n *yaml.Node) { *list = d.list(path, n) }
			}
			d.fields(path, n, map[string]reader{
				"code": to(&s.Error.Code), "message": to(&s.Error.Message), "trace": to(&s.Error.Trace),
			})
		},
		"codes": d.texts(&s.Codes),
		"use": func(path string, n *yaml.Node) {
			d.fields(path, n, map[string]reader{
				"headers": d.texts(&s.Use.Headers), "query": d.texts(&s.Use.Query), "form": d.texts(&s.Use.Form),
			})
		},
		"limits": func(path string, n *yaml.Node) { d.limits(path, n, &s.Limits) },
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
		"name":  d.text(&v.Name),
		"label": d.text(&v.Label),
		"secret": func(path string, n *yaml.Node) {
			if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
				d.wrong(path, n, "true or false")
				return
			}
			v.Secret = strings.EqualFold(n.Value, "true")
		},
	})
	return v
}

func (d *decoder) request(path string, n *yaml.Node, r *Request) {
	d.fields(path, n, map[string]reader{
		"method":  d.text(&r.Method),
		"path":    d.text(&r.Path),
		"headers": d.texts(&r.Headers),
		"json": func(path string, n *yaml.Node) {
			object, ok := d.value(path, n).(map[string]any)
			if !ok {
				d.wrong(path, n, "a mapping")
			}
			r.JSON = object
		},
		"form":  d.texts(&r.Form),
		"query": d.texts(&r.Query),
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
	})
}

func (d *decoder) expiry(path string, n *yaml.Node) (x Expiry) {
	d.fields(path, n, map[string]reader{"at": d.text(&x.At), "as": d.text(&x.As), "after": d.duration(&x.After)})
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
