//go:build !linux

package cmd

func protectProcess() {}
