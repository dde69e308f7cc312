package mockvendor

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// expand replaces every {name} of a template. Provider files were checked
// before they come here: a brace always begins a name.
func expand(template string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(value(name))
		template = after
	}
}

// namesIn lists the names in a template.
func namesIn(template string) []string {
	var names []string
	expand(template, func(name string) string {
		names = append(names, name)
		return ""
	})
	return names
}

// match compares one request with a file. It collects what the client makes
// itself, such as a time or a signature: the same name has to have one value
// throughout the request, which is checked at the end.
type match struct {
	file  *fileVendor
	known map[string]string // the credentials
	made  map[string]string // {now_s}, {uuid}, {jwt} … as received
	now   time.Time
}

func (f *fileVendor) match(now time.Time) *match {
	return &match{file: f, known: f.vendor.credentials, made: map[string]string{}, now: now}
}

// text reports whether got is what the template stands for.
func (m *match) text(template, got string) bool {
	var made []string
	pattern := "(?s)^"
	rest := template
	for {
		before, after, found := strings.Cut(rest, "{")
		pattern += regexp.QuoteMeta(before)
		if !found {
			break
		}
		name, after, _ := strings.Cut(after, "}")
		if value, known := m.value(name); known {
			pattern += regexp.QuoteMeta(value)
		} else {
			pattern += "(.+?)"
			made = append(made, name)
		}
		rest = after
	}
	found := regexp.MustCompile(pattern + "$").FindStringSubmatch(got)
	if found == nil {
		return false
	}
	for i, name := range made {
		if before, twice := m.made[name]; twice && before != found[i+1] {
			return false
		}
		m.made[name] = found[i+1]
	}
	return true
}

// value is what a name stands for, as far as that is known beforehand.
func (m *match) value(name string) (string, bool) {
	if value, ok := m.known[name]; ok {
		return value, true
	}
	value, ok := m.made[name]
	return value, ok
}

// mayMiss reports whether a template names an optional variable: the client
// leaves out a parameter whose variable has no value.
func (m *match) mayMiss(template string) bool {
	names := namesIn(template)
	return slices.ContainsFunc(m.file.Vars, func(v FileVar) bool { return v.Optional && slices.Contains(names, v.Name) })
}

// secret reports whether a template names a variable of the credentials: a
// mismatch means wrong credentials, not a malformed request.
func (m *match) secret(template string) bool {
	return slices.ContainsFunc(namesIn(template), func(name string) bool { _, ok := m.known[name]; return ok })
}

// clockLeeway is how far a client's time may be off.
const clockLeeway = 5 * time.Minute

// near reports whether a number of seconds (or, in units of a millisecond, of
// milliseconds) since 1970 is about now.
func (m *match) near(number string, unit time.Duration) bool {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return false
	}
	at := time.Unix(n, 0)
	if unit == time.Millisecond {
		at = time.UnixMilli(n)
	}
	return at.Sub(m.now).Abs() <= clockLeeway
}

// wrongMade says which of the values that the client made is wrong; "":
// none.
func (m *match) wrongMade() string {
	for name, value := range m.made {
		right := true
		switch name {
		case "now_s":
			right = m.near(value, time.Second)
		case "now_ms":
			right = m.near(value, time.Millisecond)
		case "uuid":
			right = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(value)
		}
		if !right {
			return name + " is not right"
		}
	}
	return ""
}
