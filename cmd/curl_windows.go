package cmd

// runRealCurl needs a pipe with a name, which Windows programs do not share
// through /dev/fd.
func (a *app) runRealCurl(curlRun) error {
	return usage("hauth token ACCOUNT -o curl | curl -K - URL", "hauth curl does not work on Windows")
}
