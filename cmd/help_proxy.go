package cmd

const proxyHelp = `Use without possession: hauth exec --proxy and hauth proxy

A program gets an address on this machine instead of a token. What it sends
there goes over https to the account's API, with what the vendor requires added,
and the response comes back. The token is kept fresh while the program runs. One
that the API no longer accepts (HTTP 401, or the code that the provider's file
names) is replaced with one token request, however many programs see it fail,
and the request is repeated once.

  hauth exec --proxy 123pan -- python3 sync.py
  hauth proxy 123pan

The program finds HAUTH_<PROVIDER>_URL, and HAUTH_URL when there is exactly one
account: http://127.0.0.1:PORT/SECRET, without a slash at the end. Append what
you would append to the base URL of the account's API:

  curl "$HAUTH_123PAN_URL/api/v1/user/info"

Policy, for exec --proxy and proxy:
  --read-only      GET, HEAD and OPTIONS only; no WebSockets
  --path PATTERN   only paths that match; may be given more than once
  --replay SIZE    how much of a body is kept to repeat a request (1MiB)
  --log FILE       a line of JSON per request, without query and token

A pattern is compared with the whole path that follows the address, decoded and
without its query: * is any text within one segment, ** any text; everything
else stands for itself. /api/v1/file/* matches /api/v1/file/list but not
/api/v1/file/list/1; /api/v1/file/** matches both. With --path, a path with an
encoded slash is refused.

Responses from hauth itself have the header Hauth-Error, and say as JSON what is
wrong: 421 another host, 403 a web page, a wrong address, another user of this
machine or the policy, 405 the method, 400 a path with . or .. segments, 502 no
token or no connection, 503 throttled. A response with Hauth-Note is the API's
own 401: the note says why the request was not repeated.

What it protects: there is no token in the program's environment, arguments,
files, core dumps or logs, nor in the API's responses, where it is replaced by
[hauth:masked]. What can leak is an address on this machine, which stops working
when the command ends. The program cannot change host, scheme or base path; web
pages cannot reach it; policy and log are outside of the program.

What it does not protect: the same user can run hauth token, or read the
keyring. It is a boundary for another user, or in a container that has only
--socket. It is use without possession, not permission: the program can do what
the token can, within the policy. The address shows in ps if it is an argument.
On macOS and FreeBSD, hauth cannot tell which user connects by TCP; use --socket
there. On the way to the proxy nothing is encrypted.
`
