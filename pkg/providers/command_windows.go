package providers

import "os/exec"

// endTogether leaves it to the runtime to end the program itself.
func endTogether(*exec.Cmd) {}
