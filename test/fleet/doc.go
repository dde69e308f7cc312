//go:build fleet

// Package fleet tests pkg/fleet, and hauth through it, against real servers:
// redis-server, redis-sentinel, etcd and PostgreSQL from Debian's packages, an
// S3 gateway, and OpenBao or Vault where one is installed. Each test starts what
// it needs on loopback and stops it.
//
//	make fleet
package fleet
