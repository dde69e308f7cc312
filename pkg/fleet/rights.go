package fleet

import (
	"cmp"
	"strings"
)

// Rights is what the engine's administrator can paste to give hauth the rights
// that it needs and no more; empty where hauth has nothing to say.
func (t Target) Rights() string {
	kind, variant, _ := strings.Cut(strings.Replace(t.Scheme, "rediss", "redis", 1), "+")
	switch kind {
	case "redis":
		commands := "+eval +hmget +hset +pexpire +time"
		database := t.Path
		switch variant {
		case "cluster":
			commands += " +asking"
		case "sentinel":
			commands += " +role"
			database = t.words["db"]
		}
		if cmp.Or(database, "0") != "0" {
			commands += " +select"
		}
		return "ACL SETUSER " + cmp.Or(t.User, "hauth") + " on >PASSWORD resetkeys ~hauth:* resetchannels -@all " + commands
	case "bao":
		mount, prefix, _ := strings.Cut(t.Path, "/")
		return `path "` + mount + "/data/" + prefix + `/*" { capabilities = ["create", "read", "update"] }` + "\n" +
			`path "` + mount + "/metadata/" + prefix + `/*" { capabilities = ["create", "update"] }`
	}
	return ""
}
