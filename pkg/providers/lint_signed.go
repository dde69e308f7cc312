package providers

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// minJWTLife is the least that jwt.life may be: less would be over before some
// vendors' clocks have reached its iat.
const minJWTLife = 30 * time.Second

func (l *linter) jwt() {
	if !l.has("jwt") || l.broken["jwt"] {
		return
	}
	j := &l.JWT
	l.required("jwt.alg", l.has("jwt.alg"))
	l.required("jwt.life", l.has("jwt.life"))
	if l.has("jwt.alg") {
		l.oneOf("jwt.alg", j.Alg, AlgRS256, AlgPS256, AlgES256, AlgEdDSA, AlgHS256)
	}
	l.key("jwt.key", j.Key)
	if v, ok := l.Var(j.Key); ok && v.Secret && j.Alg != "" && j.asymmetric() != (v.Is == IsPEM) {
		if j.asymmetric() {
			l.problem("jwt.key", "jwt.key: %s signs with a private key in PEM, so the variable %s needs is: pem", j.Alg, v.Name)
		} else {
			l.problem("jwt.key", "jwt.key: HS256 signs with a text, and the variable %s is: pem", v.Name)
		}
	}
	if j.Life != unreadable && l.has("jwt.life") && (j.Life < minJWTLife || j.Life > MaxLife) {
		l.problem("jwt.life", "jwt.life must be between 30s and 400d")
	}
	for _, key := range sortedKeys(j.Header) {
		if key == "alg" {
			l.problem("jwt.header.alg", "jwt.alg says this already")
		}
	}
	for _, key := range []string{"iat", "exp"} {
		if _, ok := j.Claims[key]; ok {
			l.problem("jwt.claims."+key, "%s is made from jwt.life: leave it out", key)
		}
	}
	for key, asked := range map[string]bool{"nbf": j.NBF, "jti": j.JTI} {
		if _, ok := j.Claims[key]; ok && asked {
			l.problem("jwt.claims."+key, "jwt.%s says this already", key)
		}
	}
	l.body("jwt.header", j.Header, inClaims)
	l.body("jwt.claims", j.Claims, inClaims)
	if l.isVar(nameJWT) {
		l.problem("jwt", "a variable is named jwt, so that {jwt} means it: rename the variable")
	}
	if !l.SignsLocally() && !l.named(nameJWT) {
		l.problem("jwt", `the JWT is not used: put "{jwt}" into request, or write token: "{jwt}"`)
	}
}

// key wants the name of a secret variable.
func (l *linter) key(path, name string) {
	v, ok := l.Var(name)
	l.used[name] = true
	switch {
	case l.broken["vars"]:
	case name == "":
		l.problem(path, "%s is missing: the name of a secret variable", path)
	case strings.ContainsAny(name, "{}"):
		l.problem(path, "%s takes the name of a variable, without braces", path)
	case !ok:
		l.problem(path, "%s: there is no variable %q%s", path, auth.Printable(name), didYouMean(name, l.namesFor(place{secret: true})))
	case !v.Secret:
		l.problem(path, "%s: the variable %s is a key: mark it with secret: true", path, name)
	case v.Optional:
		l.problem(path, "%s: the variable %s is a key and cannot be optional", path, name)
	}
}

func (l *linter) sign() {
	if !l.has("sign") || l.broken["sign"] {
		return
	}
	s := &l.Sign
	l.required("sign.alg", l.has("sign.alg"))
	if l.has("sign.alg") {
		l.oneOf("sign.alg", s.Alg, SignHMACSHA256, SignSHA256, SignMD5)
	}
	switch {
	case s.Alg == SignHMACSHA256:
		l.key("sign.key", s.Key)
	case s.Key != "":
		l.problem("sign.key", "sign.key: %s has no key; put the secret into over", s.Alg)
	}
	l.required("sign.as", l.has("sign.as"))
	if l.has("sign.as") {
		l.oneOf("sign.as", s.As, signHex, signUpperHex, signBase64)
	}
	if len(s.Over) == 0 {
		l.problem("sign.over", "sign.over is missing: the texts and variables that are signed, in order")
	}
	for i, part := range s.Over {
		l.template(fmt.Sprintf("sign.over.%d", i), part, inDigest)
	}
	if l.isVar(nameSign) {
		l.problem("sign", "a variable is named sign, so that {sign} means it: rename the variable")
	}
	if !l.named(nameSign) {
		l.problem("sign", `the signature is not used: put "{sign}" into request`)
	}
}

// named reports whether any template of the request names it.
func (l *linter) named(name string) bool { return l.broken["request"] || l.used[name] }

func (l *linter) isVar(name string) bool { _, ok := l.Var(name); return ok }

func (l *linter) command() {
	if !l.has("command") || l.broken["command"] {
		return
	}
	argv := l.Spec.Command
	switch {
	case len(argv) == 0:
		l.problem("command", "command is empty: write the program and its arguments as a list")
		return
	case !filepath.IsAbs(argv[0]):
		l.problem("command", "command must begin with an absolute path: no shell looks the program up")
	}
	for i, word := range argv {
		if strings.ContainsRune(word, 0) || auth.Printable(word) != word {
			l.problem(fmt.Sprintf("command.%d", i), "command: an argument must be one line of visible characters")
		}
		if names, err := templateNames(word); err == nil && len(names) > 0 && l.isVar(names[0]) {
			l.problem(fmt.Sprintf("command.%d", i), "command: arguments are passed as they are written, and every process can read them; the program gets {%s} on stdin", names[0])
		}
	}
}

func (l *linter) rotate() {
	for _, name := range sortedKeys(l.Spec.Rotate) {
		at := "rotate." + name
		v, ok := l.Var(name)
		switch {
		case l.broken["vars"] || l.broken["rotate"]:
		case !ok:
			l.problem(at, "rotate: there is no variable %q%s", auth.Printable(name), didYouMean(name, l.namesFor(place{})))
		case !v.Secret:
			l.problem(at, "rotate: the variable %s is not secret; only a secret rotates", name)
		}
		l.path(at, l.Spec.Rotate[name])
	}
}

func (l *linter) keep() {
	for _, name := range sortedKeys(l.Spec.Keep) {
		at := "keep." + name
		switch {
		case l.broken["keep"]:
		case !validVarName(name):
			l.problem(at, "keep: a name must contain a-z, 0-9 and underscores only, and begin with a letter")
		case l.isVar(name) || generated(name) || name == nameToken || name == nameJWT || name == nameSign:
			l.problem(at, "keep: the name %s is taken; choose another", name)
		case !l.used[name] && !l.unfinished:
			l.problem(at, `keep: %s is not used: put "{%s}" into api or use`, name, name)
		}
		l.path(at, l.Spec.Keep[name])
	}
}
