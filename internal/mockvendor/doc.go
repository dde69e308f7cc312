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
// Every other path below a vendor's root (/api/v1/, /open-api/v1/,
// /seller/202405/) is a protected call that takes GET and POST, for trying
// tokens. It wants the vendor's headers exactly and a token that is alive,
// and answers {"data":{"account":"demo",…}} in the vendor's manner.
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
//	                &variant=text      hitem3d: codes as text, failures in "message"; empty: none
//	                &skew=DUR          how far the vendors' clock is ahead; all vendors
//
// Durations are written as in Go (90s, 2h). Without provider a change applies
// to every vendor. A POST answers as GET does; one with anything wrong in it
// changes nothing and answers HTTP 400 and {"error":…}.
//
// The credentials are public and open nothing but this mock.
package mockvendor
