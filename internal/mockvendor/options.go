package mockvendor

import "time"

// Options are how a mock begins. The zero value is vendors that behave.
type Options struct {
	// TTL is the life of the tokens. Zero: as documented for Hitem3D, 24 h,
	// and Wahool, 2 h; also 2 h for 123pan, where only the answer counts.
	// Hitem3D's answer never tells the life.
	TTL time.Duration
	// Latency is added before each answer.
	Latency time.Duration
	// Fail is one of FailModes, or empty. A caller checks what was typed; an
	// unknown mode answers HTTP 500 to every request for a token.
	Fail string
	// Host is a further name, without a port, by which the control surface may
	// be addressed: that of the address listened on. Loopback always may.
	Host string
	// Files are vendors to serve as provider files describe them, in the place
	// of the built-in ones.
	Files []File
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
	if len(o.Files) == 0 {
		return builtIn()
	}
	var list []*vendor
	for _, f := range o.Files {
		list = append(list, newFileVendor(f))
	}
	return list
}
