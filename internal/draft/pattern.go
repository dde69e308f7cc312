package draft

import "strings"

// Patterns are the names that Pattern knows, the most common one first.
func Patterns() []string { return []string{"json", "oauth2", "jwt"} }

// Pattern is a file to start from, for a vendor of a common kind.
func Pattern(name, pattern string) (text string, ok bool) {
	switch pattern {
	case "json":
		text = jsonPattern
	case "oauth2":
		text = oauth2Pattern
	case "jwt":
		text = jwtPattern
	default:
		return "", false
	}
	return strings.ReplaceAll(text, "NAME", name), true
}

// Each pattern is a valid provider file except for its TODOs.

const jsonPattern = `# NAME: fill in each TODO, and go through the rest with the vendor's document.
# To see the request: hauth providers check NAME.yaml --dry-run
name: NAME
# title: Acme open platform             # shown by login, and by hauth providers list
# docs: https://acme.example/docs       # the vendor's own page
vars:                                   # what login asks for; the label is the vendor's own term
  - {name: client_id, label: App ID}
  - {name: client_secret, label: App Secret, secret: true}
endpoint: TODO                          # such as https://api.acme.example; left out, login asks for it
# api: https://open.acme.example        # if the API has another address than the endpoint
request:
  method: POST
  path: TODO                            # such as /v1/token
  # headers: {Platform: open_platform}
  json: {appId: "{client_id}", appSecret: "{client_secret}"}   # or form: or query: or basic: [client_id, client_secret]
ok: {code: ["0"]}                       # what means success besides HTTP 2xx; compared as text
token: TODO                             # where the token is, such as data.token
expires:
  - {at: TODO, as: seconds}             # milliseconds, epoch_s, epoch_ms, rfc3339, datetime, jwt; or {after: 2h}
error: {code: code, message: [message, msg]}
codes: {"401": denied, "429": throttled}   # the vendor's own codes: denied, refused, throttled or transient
use:                                    # how an API call carries the token
  headers: {Authorization: "Bearer {token}"}
  # refused: {code: ["401"]}            # a response of the API with this code says that the token is dead
# limits: {live: 1, every: 1m}          # tokens that are valid at once; shortest time between two requests
`

const oauth2Pattern = `# NAME, OAuth 2.0 client credentials: fill in each TODO.
# To see the request: hauth providers check NAME.yaml --dry-run
name: NAME
# title: Acme open platform             # shown by login, and by hauth providers list
# docs: https://acme.example/docs       # the vendor's own page
vars:                                   # what login asks for; the label is the vendor's own term
  - {name: client_id, label: Client ID}
  - {name: client_secret, label: Client secret, secret: true}
  # - {name: scope, label: Scope, optional: true}   # or with a default; it is sent as scope
endpoint: TODO                          # such as https://auth.acme.example; left out, login asks for it
# api: https://api.acme.example         # if the API has another address than the endpoint
oauth2: client_credentials              # a form with grant_type, client_id and client_secret, and an answer as
                                        # RFC 6749 has it: access_token, expires_in, error. What stands here wins.
request:
  path: TODO                            # such as /oauth/token
  # basic: [client_id, client_secret]   # if the vendor wants them in HTTP Basic instead of the form
  # form: {audience: "https://api.acme.example"}    # what the vendor wants besides
# use: {headers: {Authorization: "Bearer {token}"}} # how an API call carries the token
`

const jwtPattern = `# NAME, a signed JWT that is exchanged for a token (RFC 7523): fill in each TODO.
# To see the request and the claims: hauth providers check NAME.yaml --dry-run
name: NAME
# title: Acme open platform             # shown by login, and by hauth providers list
# docs: https://acme.example/docs       # the vendor's own page
vars:                                   # what login asks for; the label is the vendor's own term
  - {name: client_id, label: Client ID}
  - {name: key_id, label: Key ID}
  - {name: private_key, label: Private key, secret: true, is: pem}
endpoint: TODO                          # such as https://auth.acme.example
# api: https://api.acme.example         # if the API has another address than the endpoint
jwt:                                    # what {jwt} is
  alg: RS256                            # PS256, ES256, EdDSA, or HS256 with a secret that is not PEM
  key: private_key
  header: {kid: "{key_id}"}
  claims: {iss: "{client_id}", sub: "{client_id}", aud: TODO}   # aud is often the whole URL of the token endpoint
  life: 5m                              # iat and exp are added; jti: true and nbf: true add these
request:
  method: POST
  path: TODO                            # such as /oauth/token
  form: {grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "{jwt}"}
token: access_token                     # with token: "{jwt}" and no request, the signed JWT is the token itself
expires:
  - {at: expires_in, as: seconds}
use:                                    # how an API call carries the token
  headers: {Authorization: "Bearer {token}"}
`
