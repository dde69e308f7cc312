package fleet

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Down is what a machine does while the engine cannot be reached and its token
// is over.
type Down string

const (
	DownAuto  Down = ""      // by the vendor's limits
	DownAlone Down = "alone" // ask the vendor without the fleet
	DownFail  Down = "fail"  // wait, then fail
)

// Target is where an engine is, and how to log in there.
type Target struct {
	Scheme   string
	User     string
	Password auth.Secret // from HAUTH_FLEET only; never stored
	Hosts    []string    // HOST:PORT
	Path     string      // what follows the hosts, without the slash
	Down     Down
	files    map[string]string
	words    map[string]string
}

// scheme is what the URLs of one engine may hold.
type scheme struct {
	port  string // the default; empty: no host
	many  bool   // several hosts
	user  bool
	tls   bool
	files []string // query parameters that name a file
	words []string // other query parameters
	form  string   // as it is written
}

var tlsFiles = []string{"ca-file", "cert-file", "key-file"}

// schemes is a function, so that a process that needs no fleet builds no table.
func schemes() map[string]scheme {
	redis := scheme{port: "6379", user: true, files: []string{"password-file"}, form: "redis://USER@HOST:6379/0?password-file=FILE"}
	sentinel := redis
	sentinel.port, sentinel.many, sentinel.form = "26379", true, "redis+sentinel://USER@HOST:26379,HOST:26379/MASTER?password-file=FILE"
	sentinel.files = append(slices.Clone(redis.files), "sentinel-password-file")
	sentinel.words = []string{"sentinel-user", "db"}
	cluster := redis
	cluster.many, cluster.form = true, "redis+cluster://USER@HOST:6379,HOST:6379?password-file=FILE"
	bao := scheme{
		port: "8200", files: []string{"token-file", "jwt-file"}, words: []string{"role", "auth", "namespace"},
		form: "bao+https://HOST:8200/MOUNT/PREFIX?token-file=FILE",
	}
	etcd := scheme{port: "2379", many: true, form: "etcd+https://HOST:2379/PREFIX?cert-file=FILE&key-file=FILE&ca-file=FILE"}
	out := map[string]scheme{
		"redis": redis, "redis+sentinel": sentinel, "redis+cluster": cluster, "bao+http": bao, "etcd+http": etcd,
		"exec": {form: "exec:///ABSOLUTE/PATH"},
	}
	for _, plain := range []string{"redis", "redis+sentinel", "redis+cluster", "bao+http", "etcd+http"} {
		s := out[plain]
		s.tls = true
		s.files = append(slices.Clone(s.files), tlsFiles...)
		s.form = strings.Replace(s.form, "redis", "rediss", 1)
		out[overTLS(plain)] = s
	}
	return out
}

// overTLS is the scheme with TLS of one without.
func overTLS(plain string) string {
	if strings.HasSuffix(plain, "+http") {
		return plain + "s"
	}
	return strings.Replace(plain, "redis", "rediss", 1)
}

// Parse reads an engine's URL. A password is accepted only where it does not
// stay, in the variable HAUTH_FLEET; fromFlag says that the URL comes from a
// command line, which other users can see. The errors are of kind Usage and
// never repeat the URL.
func Parse(raw string, fromFlag bool) (Target, error) {
	name, rest, ok := strings.Cut(raw, "://")
	s, known := schemes()[name]
	if !ok || !known {
		fact := "the fleet's URL has no scheme"
		if ok {
			fact = fmt.Sprintf("unknown fleet engine %q", auth.Printable(name))
		}
		return Target{}, badURL(fact, "")
	}
	t := Target{Scheme: name, files: map[string]string{}, words: map[string]string{}}
	if strings.Contains(rest, "#") {
		return Target{}, badURL("the fleet's URL has a fragment (#)", s.form)
	}
	rest, query, _ := strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(authority, "@"); at >= 0 {
		if err := t.parseUser(authority[:at], s, fromFlag); err != nil {
			return Target{}, err
		}
		authority = authority[at+1:]
	}
	if err := t.parseHosts(authority, s); err != nil {
		return Target{}, err
	}
	path, err := url.PathUnescape(strings.Trim(path, "/"))
	if err != nil || !printable(path) {
		return Target{}, badURL("the fleet's URL has a bad path", s.form)
	}
	t.Path = path
	if err := t.parseQuery(query, s); err != nil {
		return Target{}, err
	}
	return t, t.checkPath(s)
}

func (t *Target) parseUser(userinfo string, s scheme, fromFlag bool) error {
	user, password, hasPassword := strings.Cut(userinfo, ":")
	user, userErr := url.PathUnescape(user)
	password, passwordErr := url.PathUnescape(password)
	switch {
	case hasPassword && fromFlag:
		return &auth.Error{
			Kind: auth.Usage, Fact: "a password on the command line can be seen by other users",
			Remedy: auth.RemedyPasswordFile, Subject: s.form,
		}
	case !s.user:
		return badURL(fmt.Sprintf("%s URLs have no user", t.Scheme), s.form)
	case userErr != nil || passwordErr != nil || !printable(user):
		return badURL("the fleet's URL has a bad user or password", s.form)
	}
	t.User, t.Password = user, auth.NewSecret(password)
	return nil
}

func (t *Target) parseHosts(authority string, s scheme) error {
	if s.port == "" {
		if authority != "" {
			return badURL(fmt.Sprintf("%s URLs have no host", t.Scheme), s.form)
		}
		return nil
	}
	for host := range strings.SplitSeq(authority, ",") {
		name, port := host, s.port
		if i := strings.LastIndex(host, ":"); i > strings.LastIndex(host, "]") {
			name, port = host[:i], host[i+1:]
		}
		name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
		number, err := strconv.ParseUint(port, 10, 16)
		_, notAddress := netip.ParseAddr(name)
		if err != nil || number == 0 || name == "" || notAddress != nil && strings.ContainsFunc(name, notHost) {
			return badURL("the fleet's URL has a bad host or port", s.form)
		}
		t.Hosts = append(t.Hosts, net.JoinHostPort(name, port))
	}
	if len(t.Hosts) > 1 && !s.many {
		return badURL(fmt.Sprintf("%s URLs have one host", t.Scheme), s.form)
	}
	return nil
}

func notHost(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_')
}

func (t *Target) parseQuery(query string, s scheme) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return badURL("the fleet's URL has a bad query", s.form)
	}
	for name, all := range values {
		value := all[0]
		isFile := name == "seal-file" || slices.Contains(s.files, name)
		switch {
		case len(all) > 1 || value == "" || !printable(value):
			return badURL(fmt.Sprintf("the fleet's URL has a bad value for %s", auth.Printable(name)), s.form)
		case isFile && !filepath.IsAbs(value):
			return badURL(fmt.Sprintf("%s must be an absolute path", name), s.form)
		case isFile:
			t.files[name] = value
		case name == "down" && (Down(value) == DownAlone || Down(value) == DownFail):
			t.Down = Down(value)
		case name == "down":
			return badURL("down is alone or fail", s.form)
		case slices.Contains(s.words, name):
			t.words[name] = value
		case slices.Contains(tlsFiles, name):
			return badURL(fmt.Sprintf("%s is for %s", name, overTLS(t.Scheme)), s.form)
		default:
			return badURL(fmt.Sprintf("%s URLs have no parameter %q", t.Scheme, auth.Printable(name)), s.form)
		}
	}
	if !t.Password.IsEmpty() && t.files["password-file"] != "" {
		return badURL("the fleet's URL has both a password and a password-file", s.form)
	}
	if (t.files["cert-file"] == "") != (t.files["key-file"] == "") {
		return badURL("cert-file and key-file need each other", s.form)
	}
	return nil
}

// checkPath looks at what each engine makes of the path.
func (t *Target) checkPath(s scheme) error {
	numbered := t.words["db"]
	switch base, _, _ := strings.Cut(strings.Replace(t.Scheme, "rediss", "redis", 1), "+http"); base {
	case "redis":
		numbered = t.Path
	case "redis+cluster":
		if t.Path != "" {
			return badURL("a Redis cluster has no numbered databases", s.form)
		}
	case "redis+sentinel":
		if t.Path == "" || strings.Contains(t.Path, "/") {
			return badURL("the fleet's URL does not name the master", s.form)
		}
	case "bao":
		if mount, prefix, _ := strings.Cut(t.Path, "/"); mount == "" || prefix == "" || !plainPath(t.Path) {
			return badURL("the fleet's URL does not name a mount and a prefix", s.form)
		}
		if (t.files["token-file"] == "") == (t.words["role"] == "") {
			return badURL("the fleet's URL wants either token-file or role", s.form)
		}
		if method := t.words["auth"]; method != "" && !plainPath(method) {
			return badURL("the fleet's URL has a bad value for auth", s.form)
		}
	case "etcd":
		if t.Path == "" {
			return badURL("the fleet's URL has no prefix", s.form)
		}
	case "exec":
		if t.Path == "" {
			return badURL("the fleet's URL names no program", s.form)
		}
	}
	if _, err := strconv.ParseUint(numbered, 10, 16); numbered != "" && err != nil {
		return badURL("the database of a Redis URL is a number", s.form)
	}
	return nil
}

// plainPath reports that no part of a path would change its meaning.
func plainPath(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsFunc(part, notHost) {
			return false
		}
	}
	return true
}

// printable keeps out what would end a line of a protocol, or of a terminal.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func badURL(fact, form string) error {
	return &auth.Error{Kind: auth.Usage, Fact: fact, Remedy: auth.RemedyFleetURL, Subject: form}
}

// String is the engine as it may be shown: without user and parameters.
func (t Target) String() string {
	s := t.Scheme + "://" + strings.Join(t.Hosts, ",")
	if t.Path != "" {
		s += "/" + t.Path
	}
	return s
}

// URL is what an account file keeps: everything but the password.
func (t Target) URL() string {
	u := t.Scheme + "://"
	if t.User != "" {
		u += url.PathEscape(t.User) + "@"
	}
	u += strings.Join(t.Hosts, ",")
	if t.Path != "" {
		u += "/" + (&url.URL{Path: t.Path}).EscapedPath()
	}
	query := url.Values{}
	for _, of := range []map[string]string{t.files, t.words} {
		for name, value := range of {
			query.Set(name, value)
		}
	}
	if t.Down != DownAuto {
		query.Set("down", string(t.Down))
	}
	if len(query) > 0 {
		u += "?" + query.Encode()
	}
	return u
}

// Plain reports that the connection leaves this machine unencrypted.
func (t Target) Plain() bool {
	if t.Scheme == "exec" || schemes()[t.Scheme].tls {
		return false
	}
	for _, hostport := range t.Hosts {
		host, _, _ := net.SplitHostPort(hostport)
		addr, err := netip.ParseAddr(host)
		if host != "localhost" && (err != nil || !addr.IsLoopback()) {
			return true
		}
	}
	return false
}

// maxFile bounds the files that a URL names, in bytes.
const maxFile = 1 << 20

// file reads the file that a parameter names; nil if there is none. One
// newline at its end does not count.
func (t Target) file(parameter string) ([]byte, error) {
	path := t.files[parameter]
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	var data []byte
	switch {
	case err != nil:
	case !info.Mode().IsRegular(): // a pipe could wait for ever
		err = fmt.Errorf("not a regular file")
	case info.Size() > maxFile:
		err = fmt.Errorf("too big")
	default:
		data, err = os.ReadFile(path)
	}
	if err != nil {
		if e, ok := err.(*os.PathError); ok {
			err = e.Err
		}
		return nil, &auth.Error{
			Kind: auth.Store, Fact: fmt.Sprintf("%s of the fleet engine %s cannot be read", parameter, t), Err: fmt.Errorf("%s: %w", path, err),
			Remedy: auth.RemedyLook, Subject: path,
		}
	}
	return []byte(strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")), nil
}

// program is the path of an exec URL. On Windows a drive stands before it.
func (t Target) program() string {
	if filepath.VolumeName(filepath.FromSlash(t.Path)) != "" {
		return filepath.FromSlash(t.Path)
	}
	return "/" + t.Path
}

// password is the URL's, or the content of a file, which may change while hauth
// runs.
func (t Target) password(parameter string) (string, error) {
	if !t.Password.IsEmpty() {
		return t.Password.Reveal(), nil
	}
	data, err := t.file(parameter)
	return string(data), err
}

// sealFile is what is mixed into names and keys; empty where the URL names
// none.
func (t Target) sealFile() (auth.Secret, error) {
	data, err := t.file("seal-file")
	if err != nil || t.files["seal-file"] == "" {
		return auth.Secret{}, err
	}
	if len(data) < minSecret {
		return auth.Secret{}, &auth.Error{
			Kind: auth.Usage, Fact: fmt.Sprintf("the seal file has fewer than %d bytes", minSecret),
			Remedy: auth.RemedySealFile, Subject: t.files["seal-file"],
		}
	}
	return auth.NewSecret(string(data)), nil
}
