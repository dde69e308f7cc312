package providers

import (
	"net/http"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// retryAfter reads a Retry-After header, seconds or an HTTP date. The date is
// compared with the vendor's own clock. What is unreadable or past is zero, and
// more than auth.MaxWait does not count.
func retryAfter(value string, vendorNow time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		var seconds time.Duration
		for _, digit := range value {
			seconds = seconds*10 + time.Duration(digit-'0')
			if seconds > auth.MaxWait/time.Second {
				return auth.MaxWait
			}
		}
		return seconds * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(vendorNow), 0), auth.MaxWait)
}
