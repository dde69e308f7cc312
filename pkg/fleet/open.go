package fleet

import (
	"strings"

	"github.com/hauth/hauth/pkg/auth"
)

// Open returns the engine that t names. It connects when it is first used.
func Open(t Target) (Engine, error) {
	switch kind, _, _ := strings.Cut(t.Scheme, "+"); kind {
	case "redis", "rediss":
		return &redisEngine{target: t}, nil
	case "bao":
		return newBao(t), nil
	case "etcd":
		return &etcdEngine{caller{target: t}}, nil
	case "exec":
		return &execEngine{target: t, path: t.program()}, nil
	}
	return nil, &auth.Error{Kind: auth.Usage, Fact: "unknown fleet engine " + t.Scheme, Remedy: auth.RemedyFleetURL}
}
