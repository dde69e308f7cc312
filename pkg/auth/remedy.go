package auth

// Remedy names what helps against an [Error]. The list is closed: a record or
// another program can name one of these, but never bring in words of its own.
// The command line puts a Remedy into words that fit where they are read; an
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
	RemedyUpdate       Remedy = "update"        // update hauth; Subject is the file that may be removed instead, if there is one
	RemedyMode         Remedy = "mode"          // make the file Subject private
	RemedyDirMode      Remedy = "dir-mode"      // make the directory Subject unwritable for others
	RemedyOwner        Remedy = "owner"         // Subject belongs to another user
	RemedyLook         Remedy = "look"          // look at the file Subject
	RemedyLookDir      Remedy = "look-dir"      // look at the directory Subject
	RemedySpace        Remedy = "space"         // the file system of the directory Subject is full
	RemedyQuota        Remedy = "quota"         // the quota is used up
	RemedyHome         Remedy = "home"          // no directory can be found without HOME or HAUTH_HOME
	RemedyRestoreKey   Remedy = "restore-key"   // put the encryption key back
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
	RemedyNearest      Remedy = "nearest"       // one of the Error's Near may have been meant
	RemedyLookUp       Remedy = "look-up"       // look the vendor's code up in its documentation; Subject is the URL, if there is one
	RemedyMatch        Remedy = "match"         // make what the provider file Subject says of the response match the response
	RemedyRotate       Remedy = "rotate"        // say in the provider file that the variable Subject rotates, then log in again
)

// remedies are the members of the list.
var remedies = map[Remedy]bool{
	RemedyLogin: true, RemedyReview: true, RemedyRefresh: true, RemedyUseFile: true, RemedyUnlock: true, RemedyBus: true,
	RemedyDoctor: true, RemedyUpdate: true, RemedyMode: true, RemedyDirMode: true, RemedyOwner: true, RemedyLook: true,
	RemedyLookDir: true, RemedySpace: true, RemedyQuota: true, RemedyHome: true, RemedyRestoreKey: true, RemedyMakeKey: true,
	RemedyCheckFile: true, RemedyAuthorities: true, RemedyOwnAuthority: true, RemedyProxy: true, RemedyProxyUser: true,
	RemedyEndpoint: true, RemedyEndpointForm: true, RemedyHTTPS: true, RemedyClock: true, RemedyWait: true, RemedyAgain: true,
	RemedyName: true, RemedyNearest: true, RemedyLookUp: true, RemedyMatch: true, RemedyRotate: true,
}

// Known reports whether r is a member of the list.
func (r Remedy) Known() bool { return remedies[r] }
