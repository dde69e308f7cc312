// Package fleet shares one token of an account between machines, through an
// engine that people already run: Redis, OpenBao, etcd, or a program of their
// own.
//
// A [Store] stands before an account's local store and is itself what a
// [broker.Broker] wants. The local store is the cache: a valid token is
// returned without a connection. An [Engine] keeps one opaque value per
// account, replaces it only for whoever knows what is there, and tells the
// time. The rest is written once, above it.
//
// # A refresh
//
// The machine's own lock comes first, so that one process of each machine
// talks to the engine. If the local store has no news then, the record is read.
// Another machine's token that is not older, or its attempt that this one must
// observe, is copied into the local store, where the broker finds it. While another
// machine has the lease, this one polls. Otherwise it writes the lease into the
// record and lets the broker ask the vendor. Token, attempt and release go back
// in one write: a request to the vendor costs three calls to the engine.
//
// A lease lasts 22 s and is not prolonged: the exchange is bounded by 20 s.
// Whoever has it is named by a nonce. A process that comes back late finds
// another nonce, and then the token counts that the vendor issued later, by
// the vendor's own clock. If a token cannot be shared, the lease stays until
// it runs out.
//
// Times in the record are on the engine's clock. Each process converts them
// with what the engine said when it was asked; no machine's clock is compared
// with another's.
//
// # Staleness
//
// Where only one token is valid at a time, each machine compares its own with the
// fleet's once a minute. Where several are, the local token is good until
// it is nearly over. A caller who asks for a new token, or says that the vendor
// refused one, always causes a look at the engine. What a caller with a valid
// token waits for the engine is bounded by 300 ms, and after a failure machines
// leave the engine alone for 30 s.
//
// # Failures
//
// An engine that cannot be reached is an error of kind Store after 25 s, where
// a token fetched alone would do harm: it would log another machine out, use up
// a rate limit, or lose rotated credentials. For other vendors the machine goes
// on alone after 5 s, with a notice. The parameter down=alone or down=fail of
// the engine's URL overrides this. A refused login or certificate is an error
// at once, whatever the vendor. A valid token is returned in all these cases.
//
// # Record
//
// A record is a header of 12 bytes ("hauth-fleet" and one byte of version), a
// nonce of 12 bytes, and one JSON object under AES-256-GCM; the additional data
// is the header followed by the record's name. Name (16 bytes, hexadecimal) and
// key (32 bytes) are HKDF-SHA256 without salt. The secret input is, for each
// secret variable in the order of their names, name and value, and at the end
// the seal file's content, which may be empty. The info is "hauth fleet v1", the
// provider's name, the endpoint, and name and value of each other variable.
// Each of these strings is preceded by its length as 4 bytes, big-endian.
//
//	{"v":1,
//	 "token":{"value":"…", "type":"Bearer", "issued_at":"2026-01-02T03:04:05Z", "expires_at":"…",
//	          "vendor_at":"…",          when the vendor issued it, on the vendor's clock
//	          "source":"field", "kept":{…}},
//	 "attempt":{"id":"…", "at":"…", "failures":2, "retry_at":"…", "mandatory":true,
//	            "failure":{"code":"denied", "fact":"…", "remedy":"…", "vendor_code":"…",
//	                       "vendor_message":"…", "trace_id":"…", "retryable":true, "retry_after_ms":1500}},
//	 "vars":{…},                         secret variables that the vendor has replaced
//	 "owner":"…", "host":"…", "lease_end":"…"}  who asks the vendor just now
//
// Times are RFC 3339 in UTC. Readers ignore keys that they do not know, and
// neither use nor replace a record whose version is greater than theirs. Redis
// and etcd keep the sealed record as it is; OpenBao keeps it in base64.
package fleet
