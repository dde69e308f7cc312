package cmd

import (
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/hauth/hauth/internal/disk"
	"github.com/hauth/hauth/internal/proxy"
	"github.com/hauth/hauth/internal/text"
	"github.com/hauth/hauth/pkg/auth"
)

// policyOptions are the flags of everything that uses an account for a
// program that does not have its token.
type policyOptions struct {
	readOnly bool
	paths    []string
	replay   string
	log      string
}

// policyFlags are the names of these flags.
var policyFlags = [...]string{"read-only", "path", "replay", "log"}

func (o *policyOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.readOnly, "read-only", false, "forward only GET, HEAD and OPTIONS")
	f.StringArrayVar(&o.paths, "path", nil, "forward only paths that match `PATTERN`; * is one segment, ** any number")
	f.StringVar(&o.replay, "replay", "1MiB", "keep up to `SIZE` of a body to repeat a request; 0: none")
	f.StringVar(&o.log, "log", "", "append a line of JSON per request to `FILE`")
}

// open reads the flags and opens the log.
func (o policyOptions) open(a *app) (settings proxy.Options, closeLog func(), err error) {
	settings.Policy.ReadOnly = o.readOnly
	for _, path := range o.paths {
		pattern, err := proxy.ParsePattern(path)
		if err != nil {
			return settings, nil, withHint(err, "hauth help proxy explains path patterns; all of an API below one path: --path '/api/v1/file/**'")
		}
		settings.Policy.Paths = append(settings.Policy.Paths, pattern)
	}
	size, ok := parseSize(o.replay)
	if !ok {
		return settings, nil, usage("such as --replay 1MiB, 512k or 0; at most 1GiB", "--replay %q is not a size", auth.Printable(o.replay))
	}
	if settings.Replay = size; size == 0 {
		settings.Replay = -1
	}
	if o.log == "" {
		return settings, func() {}, nil
	}
	log, err := openLog(o.log)
	if err != nil {
		return settings, nil, err
	}
	settings.Log = log
	return settings, func() { log.Close() }, nil
}

const maxReplay = 1 << 30

// parseSize reads a number of bytes: 0, 4096, 512k, 1M, 1MiB. All units are
// powers of 1024.
func parseSize(s string) (int64, bool) {
	digits := strings.TrimRight(s, "kKmMgGiB")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || n > maxReplay {
		return 0, false
	}
	switch strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(s[len(digits):]), "b"), "i") {
	case "":
	case "k":
		n <<= 10
	case "m":
		n <<= 20
	case "g":
		n <<= 30
	default:
		return 0, false
	}
	return n, n <= maxReplay
}

// openLog opens a file for appending. A new file is accessible to this user
// only. A pipe is refused, since opening it would wait for a reader.
func openLog(path string) (*os.File, error) {
	if path == "-" {
		return nil, usage("", "--log takes the path of a file, not -")
	}
	if info, err := os.Stat(path); err == nil && (info.IsDir() || info.Mode().Type() == fs.ModeNamedPipe) {
		return nil, usage("", "cannot write the log %s: it is not a file", auth.Printable(path))
	}
	log, err := disk.OpenPrivate(path, os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return nil, &auth.Error{Kind: auth.Usage, Fact: "cannot write the log " + auth.Printable(path), Err: text.WithoutPath(err)}
	}
	return log, nil
}
