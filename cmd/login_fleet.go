package cmd

import "github.com/hauth/hauth/pkg/hauth"

// noFleet is the value of --fleet that takes an account out of its fleet.
const noFleet = "none"

// fleet is the URL that the account will be shared through. A login that does
// not mention it keeps the one that is stored: a token fetched outside of the
// fleet could invalidate the one that the other machines use.
func (l *loginRun) fleet() (string, error) {
	given := l.options.fleet
	switch {
	case given == noFleet:
		return "", nil
	case given == "" && l.previous != nil && l.previous.FleetURL() != "":
		l.shared = l.previous.Fleet()
		return l.previous.FleetURL(), nil
	case given == "":
		return "", nil
	}
	stored, shown, plain, err := hauth.CheckFleet(given)
	if err != nil {
		return "", err
	}
	if plain {
		l.app.notice(l.account.String(), "the connection to "+shown+" is not encrypted; what is shared is sealed, but anyone on the network can delete it or hold it back")
	}
	l.shared = shown
	return stored, nil
}
