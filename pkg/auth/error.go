package auth

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is what went wrong, as far as a caller can act on it. Each kind has
// one exit code and one name in JSON.
type Kind int

const (
	Internal    Kind = iota // a defect, or a result that could not be written
	Usage                   // wrong usage, invalid name, missing input
	NotFound                // no such account, provider or record
	Denied                  // the vendor refused the credentials
	Store                   // keyring or file store locked, absent or broken
	MinTTL                  // not enough life left, under --strict
	Network                 // network, TLS, timeout, redirect refused
	Throttled               // the vendor asks to wait
	Vendor                  // the vendor answered, but failed or not as documented
	Interrupted             // by the user
)

var kinds = [...]struct {
	code string
	exit int
}{
	Internal:    {"internal", 1},
	Usage:       {"usage", 2},
	NotFound:    {"not_found", 3},
	Denied:      {"denied", 4},
	Store:       {"store", 5},
	MinTTL:      {"min_ttl", 6},
	Network:     {"network", 7},
	Throttled:   {"throttled", 8},
	Vendor:      {"vendor", 9},
	Interrupted: {"interrupted", 130},
}

// Code is the kind's name in JSON.
func (k Kind) Code() string { return kinds[k].code }

// Exit is the kind's exit code.
func (k Kind) Exit() int { return kinds[k].exit }

// KindOf returns the Kind whose Code is code, for records that keep it.
func KindOf(code string) (Kind, bool) {
	for k := range kinds {
		if kinds[k].code == code {
			return Kind(k), true
		}
	}
	return Internal, false
}

// Error is a fact, its cause and what helps. Text that came from a vendor is
// in VendorCode, VendorMessage and TraceID, each of which has been through
// [Printable].
type Error struct {
	Kind          Kind
	Account       string   // Account.String, where one is concerned
	Fact          string   // the fact: "credentials refused by the vendor"; lower case, no full stop
	Remedy        Remedy   // what helps, where that is known
	Subject       string   // the path, variable or host that Remedy is about
	Near          []string // for an unknown name: the known names that may have been meant, the likeliest first
	Hint          string   // Remedy in words; only the command line sets it
	VendorCode    string
	VendorMessage string
	TraceID       string
	Retryable     bool          // the same call may succeed later
	RetryAfter    time.Duration // zero: the vendor named no time
	Err           error         // the cause, where there is one
}

// Error is the account and the message: "123pan: not logged in".
func (e *Error) Error() string {
	if e.Account == "" {
		return e.Message()
	}
	return e.Account + ": " + e.Message()
}

// Message gives fact, cause and what the vendor said, without the account and
// without what helps.
func (e *Error) Message() string {
	var b strings.Builder
	b.WriteString(e.Fact)
	if e.Err != nil {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(Message(e.Err))
	}
	var vendor []string
	switch {
	case e.VendorCode != "" && e.VendorMessage != "":
		vendor = append(vendor, fmt.Sprintf("code %s: %q", e.VendorCode, e.VendorMessage))
	case e.VendorCode != "":
		vendor = append(vendor, "code "+e.VendorCode)
	case e.VendorMessage != "":
		vendor = append(vendor, fmt.Sprintf("%q", e.VendorMessage))
	}
	if e.TraceID != "" {
		vendor = append(vendor, "trace "+e.TraceID)
	}
	if len(vendor) > 0 {
		b.WriteString(" (" + strings.Join(vendor, ", ") + ")")
	}
	return b.String()
}

// Message is the text of err without the name of the account that it
// concerns, for a place that names the account itself.
func Message(err error) string {
	if e, ok := err.(*Error); ok {
		return e.Message()
	}
	return err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// AsError finds the outermost *Error in err's chain.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is reports whether err is an *Error of Kind k.
func Is(err error, k Kind) bool {
	e, ok := AsError(err)
	return ok && e.Kind == k
}

// ErrBusy is what a store's Lock returns when another process held the lock
// for the whole wait. Any other error of Lock means that no lock can be made.
var ErrBusy = errors.New("another hauth process holds the lock")

// Lost is the error for credentials that the vendor has replaced, when the new
// ones could not be stored because of cause. Only a login with others helps.
func Lost(cause error) *Error {
	return &Error{
		Kind: Store, Fact: "the vendor has replaced the credentials, and the new ones could not be stored", Err: cause,
		Remedy: RemedyLost,
	}
}

// IsLost reports whether err is one of Lost's.
func IsLost(err error) bool {
	e, ok := AsError(err)
	return ok && e.Remedy == RemedyLost
}
