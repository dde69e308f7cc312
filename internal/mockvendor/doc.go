// Package mockvendor serves, on loopback, the vendors that hauth knows: as
// their own documents describe them, and strictly, so that a request that is
// only nearly right fails here before it fails at the vendor.
//
// Each vendor has a prefix that is its provider's name:
//
//	/123pan/…                 POST …/api/v1/access_token
//	/hitem3d/…                POST …/open-api/v1/auth/token
//	/wahool/…                 POST …/seller/202405/auth/get-access-token
//	/wahool-authorization/…   POST …/seller/202405/authorization
//
// Anything in a request for a token that is not as documented, be it a
// header, a field or a secret, gets the vendor's refusal, whose message says
// what was wrong. Where a vendor documents no answer for a case, the one
// given here is marked as assumed in that vendor's file.
//
// Every other path below a vendor's roots (/api/v1/, /api/v2/, /upload/v1/ and
// /upload/v2/ for 123pan, /open-api/v1/, /seller/202405/) is a protected call,
// for trying tokens. It wants the vendor's headers exactly and a token that is
// alive; without one it refuses in the vendor's manner, before it reads the
// body. Otherwise it reads the whole body, keeping nothing of it, and answers
//
//	{"data":{"account":"demo","provider":…,"method":…,"path":…,"bytes":N,"sha256":…}}
//
// with the length and the digest of the body. Three paths below every root
// stream instead, for testing what stands between a client and its vendor:
//
//	…/mock/events?count=N&every=DUR   server-sent events; without count they
//	                                  go on until the client leaves
//	…/mock/bytes?count=N              an answer of N bytes
//	…/mock/socket                     a WebSocket that echoes
//
// # Vendors by their files
//
// Options.Files names other vendors to serve, each as its provider file
// describes it (File), with credentials made for the purpose. The request has
// to be the one that the file writes, in method, path, query, headers and body;
// signatures are verified, times have to be about now, and secrets that rotate
// do. The answer has what the file looks for, where it looks for it. A vendor
// whose tokens the client signs is asked for none: calls bring them along.
//
// # Failures
//
// A failure mode (FailModes) changes the answer to requests for a token;
// protected calls keep working, as they do at a vendor whose token endpoint
// is in trouble.
//
//	denied      the refusal of wrong credentials
//	throttled   too many requests, with Retry-After: 30
//	system      the vendor's own system error
//	html        HTTP 502 and a page of HTML
//	hang        no answer until the client goes
//
// # Control over HTTP
//
// A script or a test in another process steers a running mock:
//
//	GET  /_mock/                       {"123pan":0,"hitem3d":0,…}: requests for a token so far
//	POST /_mock/?provider=P&fail=M     failure mode; empty: none
//	                &ttl=DUR           life of tokens issued from now on; 0: as documented
//	                &latency=DUR       added before each answer
//	                &revoke=all        log every token out; revoke=HEX: the one with this SHA-256
//	                &variant=text      hitem3d: codes as text, failures in "message"; empty: none
//	                &variant=status    123pan: a dead token gets HTTP 401, not a code inside HTTP 200
//	                &skew=DUR          how far the vendors' clock is ahead; all vendors
//
// Durations are written as in Go (90s, 2h). Without provider a change applies
// to every vendor. A POST answers as GET does; one with anything wrong in it
// changes nothing and answers HTTP 400 and {"error":…}.
//
// A web page must not steer the mock of whoever reads it. The control surface
// answers only where Host is 127.0.0.1, localhost, [::1], the address that the
// client connected to or Options.Host (else HTTP 421): a name that an attacker
// points at this machine is none of these. A request with Origin, or with a
// Sec-Fetch-Site other than none and same-origin, is refused (HTTP 403).
//
// The vendors' own paths take any Host and Origin. Their clients reach them by
// other names (a container's, a tunnel's) and may send Origin, as WebSocket
// clients do, and there is nothing to protect: no path of theirs steers
// anything, the credentials are public, and no answer carries a CORS header
// that would let a page of another origin read it.
//
// The credentials are public and open nothing but this mock.
package mockvendor
