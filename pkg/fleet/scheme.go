package fleet

import (
	"slices"
	"strings"
)

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
