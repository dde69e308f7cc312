package mockvendor

import (
	"slices"
	"time"
)

// Options are the initial settings of a mock. With the zero value all
// vendors work.
type Options struct {
	// TTL is the life of the tokens. Zero: as documented for Hitem3D, 24 h,
	// and Wahool, 2 h; also 2 h for 123pan, where only the answer counts.
	// Hitem3D's answer never tells the life.
	TTL time.Duration
	// Latency is added before each answer.
	Latency time.Duration
	// Fail is one of FailModes, or empty. Callers check what was typed; with
	// an unknown mode every request for a token gets HTTP 500.
	Fail string
	// Host is a further name, without a port, by which the control surface may
	// be addressed: that of the address listened on. Loopback always may.
	Host string
	// BuiltIn names the vendors to serve that have their own code, and Files
	// describes others. Both empty: all vendors with code.
	BuiltIn []string
	Files   []File
	// Now is the vendors' clock, also for their Date header. Nil: time.Now.
	Now func() time.Time
}

// The failure modes.
const (
	failDenied    = "denied"
	failThrottled = "throttled"
	failSystem    = "system"
	failHTML      = "html"
	failHang      = "hang"
)

// FailModes lists the failure modes that Options.Fail and SetFail know.
func FailModes() []string {
	return []string{failDenied, failThrottled, failSystem, failHTML, failHang}
}

// vendors are those to serve.
func (o Options) vendors() []*vendor {
	all := builtIn()
	if len(o.Files)+len(o.BuiltIn) == 0 {
		return all
	}
	list := slices.DeleteFunc(all, func(v *vendor) bool { return !slices.Contains(o.BuiltIn, v.name) })
	for _, f := range o.Files {
		list = append(list, newFileVendor(f))
	}
	return list
}
