package auth

// Remedy names what helps against an [Error]. The list is closed: a record or
// another program can name one of these, but cannot add words of its own. The
// command line puts a Remedy into words that fit where they are read; an
// Error's Subject is the path, the variable or the host that it is about.
type Remedy string

const (
	RemedyLogin        Remedy = "login"         // log in again
	RemedyReview       Remedy = "review"        // look at what changed, then log in again
	RemedyRefresh      Remedy = "refresh"       // fetch a new token
	RemedyUseFile      Remedy = "use-file"      // log in with the encrypted file store
	RemedyUnlock       Remedy = "unlock"        // unlock the keyring; Subject says how
	RemedyBus          Remedy = "bus"           // a session bus address in the environment leads nowhere; Subject is the variable
	RemedyDoctor       Remedy = "doctor"        // find out more
	RemedyUpdate       Remedy = "update"        // update hauth; Subject is a file of no more than a cached token that may be removed instead, if there is one
	RemedyMode         Remedy = "mode"          // make the file Subject private
	RemedyDirMode      Remedy = "dir-mode"      // make the directory Subject unwritable for others
	RemedyModes        Remedy = "modes"         // both: make the file Subject private, and its directory unwritable for others
	RemedyOwner        Remedy = "owner"         // Subject belongs to another user
	RemedySudo         Remedy = "sudo"          // Subject belongs to another user, and this one is root
	RemedyLook         Remedy = "look"          // look at the file Subject
	RemedyLookDir      Remedy = "look-dir"      // look at the directory Subject
	RemedySpace        Remedy = "space"         // the file system of the directory Subject is full
	RemedyQuota        Remedy = "quota"         // the quota is used up
	RemedyHome         Remedy = "home"          // no directory can be found without HOME or HAUTH_HOME
	RemedyRestoreKey   Remedy = "restore-key"   // put the encryption key back
	RemedyOtherKey     Remedy = "other-key"     // put the encryption key of the accounts Subject back, or log them out
	RemedyMakeKey      Remedy = "make-key"      // make an encryption key; Subject is its file, if one was named
	RemedyCheckFile    Remedy = "check-file"    // lint the provider file Subject
	RemedyAuthorities  Remedy = "authorities"   // check --ca-file and HAUTH_CA_FILE
	RemedyOwnAuthority Remedy = "own-authority" // name a certificate authority of the host's own
	RemedyProxy        Remedy = "proxy"         // check the proxy variables
	RemedyProxyUser    Remedy = "proxy-user"    // put the proxy's user into its variable
	RemedyEndpoint     Remedy = "endpoint"      // check the endpoint
	RemedyEndpointForm Remedy = "endpoint-form" // write the endpoint as a base URL
	RemedyHTTPS        Remedy = "https"         // use https, or agree to plain http
	RemedyClock        Remedy = "clock"         // set this machine's clock; Subject is how far it is off, if that is known
	RemedyWait         Remedy = "wait"          // give it more time
	RemedyAgain        Remedy = "again"         // run the command again
	RemedyName         Remedy = "name"          // write a well-formed name
	RemedySet          Remedy = "set"           // set the variables Subject
	RemedySetEndpoint  Remedy = "set-endpoint"  // set the variable Subject to an https URL
	RemedyUnset        Remedy = "unset"         // unset one of two variables
	RemedyOutside      Remedy = "outside"       // run it outside of hauth exec, or use the inherited token
	RemedyReplace      Remedy = "replace"       // agree to replace what exists
	RemedyKeep         Remedy = "keep"          // keep the credentials where they can be replaced: log in, or share them through a fleet
	RemedyNearest      Remedy = "nearest"       // one of the Error's Near may have been meant
	RemedyEngine       Remedy = "engine"        // see whether the fleet engine Subject is up and can be reached
	RemedyEngineLogin  Remedy = "engine-login"  // check the login that the fleet's URL names; Subject is the engine
	RemedyEngineRights Remedy = "engine-rights" // give the engine's user more rights; Subject is what to paste into the engine
	RemedyEngineTLS    Remedy = "engine-tls"    // check ca-file, cert-file and key-file in the fleet's URL; Subject is the engine
	RemedyFleetURL     Remedy = "fleet-url"     // write the fleet's URL in the form Subject
	RemedyPasswordFile Remedy = "password-file" // put the password into a file, or the URL into HAUTH_FLEET; Subject is the form
	RemedySealFile     Remedy = "seal-file"     // name a file of random bytes, which all machines have, as seal-file; Subject is its path, if there is one
	RemedyLookUp       Remedy = "look-up"       // look the vendor's code up in its documentation; Subject is the URL, if there is one
	RemedyMatch        Remedy = "match"         // make what the provider file Subject says of the response match the response
	RemedyLost         Remedy = "lost"          // mend what the cause names, and log in with new credentials from the vendor
	RemedyStopped      Remedy = "stopped"       // continue or end the process that holds the lock
	RemedyRotate       Remedy = "rotate"        // say in the provider file that the variable Subject rotates, then log in again
)

// Known reports whether r is a member of the list.
func (r Remedy) Known() bool {
	switch r {
	case RemedyLogin, RemedyReview, RemedyRefresh, RemedyUseFile, RemedyUnlock, RemedyBus, RemedyDoctor,
		RemedyUpdate, RemedyMode, RemedyDirMode, RemedyModes, RemedyOwner, RemedySudo, RemedyLook, RemedyLookDir, RemedySpace,
		RemedyQuota, RemedyHome, RemedyRestoreKey, RemedyOtherKey, RemedyMakeKey, RemedyCheckFile, RemedyAuthorities,
		RemedyOwnAuthority, RemedyProxy, RemedyProxyUser, RemedyEndpoint, RemedyEndpointForm, RemedyHTTPS,
		RemedyClock, RemedyWait, RemedyAgain, RemedyName, RemedySet, RemedySetEndpoint, RemedyUnset,
		RemedyOutside, RemedyReplace, RemedyKeep, RemedyNearest, RemedyEngine, RemedyEngineLogin, RemedyEngineRights,
		RemedyEngineTLS, RemedyFleetURL, RemedyPasswordFile, RemedySealFile, RemedyLookUp, RemedyMatch, RemedyRotate, RemedyLost, RemedyStopped:
		return true
	}
	return false
}
