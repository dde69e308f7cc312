// Package store stores accounts: their credentials and tokens in a [Backend],
// which is a keyring (package keyring) or a directory of age files ([NewFile]),
// and small files without secrets: account files, locks and attempts. Tokens of
// credentials from the environment are in a sealed cache.
//
// A [Vault] is one stored account; a [SealedCache] takes its place when the
// credentials come from the environment. Both have the same methods, in which
// absent ([auth.NotFound]) and broken ([auth.Store]) are different errors.
//
// No file or directory that another user could have changed is used; package
// disk has the rule.
//
// # Layout
//
//	config/identity.txt                        age identity, made by login
//	data/accounts/PROVIDER@PROFILE.json        account file
//	data/records/PROVIDER@PROFILE.credentials.age
//	data/records/PROVIDER@PROFILE.token.age
//	data/blobs/                                records too big for a keyring item, sealed
//	runtime/hauth/HASH/PROVIDER@PROFILE.lock   and .lock2, .attempts; else state/locks/
//	cache/sealed/NAME                          sealed token; NAME.lock, NAME.lock2, NAME.attempts
//
// Directories that hauth makes are 0700, files 0600. A file is replaced by
// renaming a complete one over it, never changed in place. Lock files are
// never deleted.
//
// # Records
//
// A record is one JSON object in UTF-8, at most 64 KiB, with its version in
// "v". Readers ignore keys that they do not know and neither use nor replace
// a record whose version is greater than theirs. Times are RFC 3339 in UTC.
// `age -d -i identity.txt FILE` prints the record of an age file.
//
// Credentials:
//
//	{"v":1, "account":"123pan/default", "id":"9f…",
//	 "endpoint":"https://open-api.123pan.com",
//	 "vars":{"client_id":"…","client_secret":"…"},
//	 "spec_sha256":"…",      hexadecimal; only for a user's provider file
//	 "insecure_http":true,   only where agreed to at login
//	 "ca_file":"/…"}         only where given at login
//
// Token:
//
//	{"v":1, "account":"123pan/default", "endpoint":"https://open-api.123pan.com",
//	 "credential_id":"9f…",  the id of the credentials it was given for
//	 "token":"…",            at most 32 KiB of visible ASCII, without its type
//	 "type":"Bearer",
//	 "issued_at":"2026-01-02T03:04:05Z", "expires_at":"2026-01-03T03:04:05Z",
//	 "source":"field"}       how the expiry is known: field, jwt or assumed
//
// # Account files
//
// An account file says which store an account is pinned to and repeats what
// may be shown of its records, so that a listing opens no store:
//
//	{"v":1, "account":"123pan/default", "store":"file",
//	 "endpoint":"https://open-api.123pan.com", "credential_id":"9f…",
//	 "spec_sha256":"…",      as in the credentials
//	 "ca_file":"/…",         likewise
//	 "created_at":"…", "credentials_at":"…", "issued_at":"…", "expires_at":"…",
//	 "source":"field"}
//
// A token record counts only if endpoint and credential id are those of the
// account file. Credentials with another id count unless they were saved more than
// 5 minutes before those of the account file, in "credentials_at": then they come
// from a backup or a synchronised folder, and not from a login that was
// interrupted. With "void":true the account does not exist: a login or a logout
// was interrupted, and another logout removes what the store may hold.
//
// # Sealed cache
//
// A sealed file is a header of 21 bytes ("hauth-sealed", one byte of version,
// the expiry in POSIX seconds as 8 bytes, big-endian), a nonce of 12 bytes,
// and the token record under AES-256-GCM with the header as additional data.
package store
