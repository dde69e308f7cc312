package mockvendor

// Request is one request to a vendor, without anything secret: no query, no
// header, no body.
type Request struct {
	Method   string
	Path     string // as sent, with the vendor's prefix
	Provider string // empty: under no vendor's prefix
	Status   int    // of HTTP; 0: none was sent
	Outcome  string // one of the Outcome constants
}

// What became of a request.
const (
	OutcomeToken        = "token"        // a token was issued
	OutcomeDenied       = "denied"       // wrong id or secret, or the failure mode
	OutcomeMalformed    = "malformed"    // refused: not as documented
	OutcomeThrottled    = "throttled"    // the failure mode
	OutcomeSystem       = "system"       // the failure mode
	OutcomeHTML         = "html"         // the failure mode
	OutcomeHang         = "hang"         // the failure mode; in the log from its beginning
	OutcomeCall         = "call"         // a protected call with a live token
	OutcomeUnauthorized = "unauthorized" // a protected call without one
	OutcomeNoPath       = "no-path"      // HTTP 404
	OutcomeNoMethod     = "no-method"    // HTTP 405
	OutcomeGone         = "gone"         // the client left, or the server ended, before the answer
)

// maxLog is the number of requests that a mock remembers at most, since it
// may run for days.
const maxLog = 8192

// Log returns the latest requests to the vendors, in the order in which they
// were answered; at least the last 4096.
func (s *Server) Log() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.log...)
}

func (s *Server) record(q Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.log) == maxLog {
		s.log = append(s.log[:0], s.log[maxLog/2:]...)
	}
	s.log = append(s.log, q)
}
