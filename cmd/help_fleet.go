package cmd

const fleetHelp = `Fleets: one token for many machines

Machines that use the same credentials share one token per account through a
server that you already run. hauth has no server of its own. On one machine
all processes share a token without one.

  hauth login 123pan --fleet URL     for a stored account
  hauth login 123pan --fleet none    leave the fleet again
  HAUTH_FLEET=URL                    for credentials in the environment
  hauth doctor --network             tests it; machines that share show the same
                                     record

URL, by kind of server:
  redis://USER@HOST:6379/0?password-file=FILE
      Redis, Valkey; rediss with TLS, redis+sentinel, redis+cluster
  bao+https://HOST/MOUNT/PREFIX?token-file=FILE
      OpenBao, Vault (KV v2)
  etcd+https://HOST:2379/PREFIX?cert-file=FILE&key-file=FILE
      etcd
  exec:///PATH
      a program of your own

Parameters for all of them: down=alone or down=fail says what happens while the
server cannot be reached; seal-file=FILE names random bytes that all machines
have, for secrets of fewer than 16 bytes. A password in the URL is accepted in
HAUTH_FLEET only.

A valid token is used without a connection. When it expires, one machine asks
the vendor and the others wait for the outcome, token or refusal; back-off
applies to all. What the server keeps is sealed with a key made from the
account's secret.

docs/fleets.md has the rights that a user needs, examples for each server, and
what happens when it fails.
`
