package hauth

import (
	"context"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/fleet"
	"github.com/hauth/hauth/pkg/providers"
)

// fleetSuffix ends the name of the file that a fleet keeps beside an account's
// locks.
const fleetSuffix = ".fleet"

// joinFleet puts the fleet before the account's store, if a URL names one. No
// connection is made.
func (a *Account) joinFleet(url string, environment bool) error {
	if url == "" {
		return nil
	}
	target, err := fleet.Parse(url, false)
	if err != nil {
		return err
	}
	a.target = target
	a.shared = fleet.Wrap(a.keep, fleet.Options{
		Target: target, Provider: a.Name.Provider, Environment: environment, State: a.keep.StateFile(fleetSuffix),
		Vendor: func() (auth.Limits, []string, error) {
			provider, err := a.provider()
			if err != nil {
				return auth.Limits{}, nil, err
			}
			return provider.Limits, secretNames(provider), nil
		},
		Now: a.client.Now, Notice: a.client.noticeFor(a.Name),
	})
	a.broker = a.newBroker()
	return nil
}

func secretNames(p *providers.Provider) []string {
	var names []string
	for _, v := range p.SecretVars() {
		names = append(names, v.Name)
	}
	return names
}

// Fleet is the engine that the account's token is shared through, as it may be
// shown; empty if there is none.
func (a *Account) Fleet() string {
	if a.shared == nil {
		return ""
	}
	return a.target.String()
}

// FleetURL is the engine's URL as the account's file keeps it, without a
// password; empty if there is none.
func (a *Account) FleetURL() string {
	if a.shared == nil {
		return ""
	}
	return a.target.URL()
}

// FleetPlain reports that the connection to the engine leaves this machine
// unencrypted.
func (a *Account) FleetPlain() bool { return a.shared != nil && a.target.Plain() }

// EnvironmentFleet is the engine that HAUTH_FLEET names, as it may be shown;
// empty if it names none.
func (c *Client) EnvironmentFleet() (string, error) {
	c.setUp()
	url := c.environ.Get("HAUTH_FLEET")
	if url == "" {
		return "", nil
	}
	target, err := fleet.Parse(url, false)
	if err != nil {
		return "", err
	}
	return target.String(), nil
}

// Close ends the connections that the account has made. It may be used again.
func (a *Account) Close() {
	if a.shared != nil {
		a.shared.Close()
	}
}

// FleetReport is what is known of the account's fleet.
type FleetReport struct {
	fleet.Report
	Engine string // as it may be shown
	Short  string // the beginning of the record's name, to compare machines
}

// ProbeFleet reads the account's credentials to name its record and, with
// connect, asks the engine.
func (a *Account) ProbeFleet(ctx context.Context, connect bool) (FleetReport, error) {
	r := FleetReport{Engine: a.target.String()}
	r.Rights = a.target.Rights()
	seal, err := a.seal(ctx)
	if err != nil {
		return r, named(a.Name, err)
	}
	r.Short = seal.Short()
	if !connect {
		return r, nil
	}
	engine, err := fleet.Open(a.target)
	if err != nil {
		return r, named(a.Name, err)
	}
	defer engine.Close()
	r.Report, err = fleet.Probe(ctx, engine, a.target, seal, a.client.now)
	return r, named(a.Name, err)
}

func (a *Account) seal(ctx context.Context) (fleet.Seal, error) {
	provider, err := a.provider()
	if err != nil {
		return fleet.Seal{}, err
	}
	creds, err := a.keep.Credentials(ctx)
	if err != nil {
		return fleet.Seal{}, err
	}
	return a.target.Seal(provider.Name, creds, secretNames(provider))
}

// CheckFleet reads the URL of a fleet's engine as a flag gives it: a password in
// it would show on the command line, and is refused. It returns what is stored,
// how it may be shown, and whether the connection leaves this machine
// unencrypted.
func CheckFleet(url string) (stored, shown string, plain bool, err error) {
	target, err := fleet.Parse(url, true)
	if err != nil {
		return "", "", false, err
	}
	return target.URL(), target.String(), target.Plain(), nil
}

// fleetRecord is where a login's token is in the fleet, and what opens it.
type fleetRecord struct {
	target  fleet.Target
	seal    fleet.Seal
	creds   auth.Credentials // as they are stored
	secrets []string
}

// openRecord names the record of creds in their fleet. Credentials that cannot
// be shared are refused here, before the engine or the vendor is asked.
func (l *Login) openRecord(creds auth.Credentials) (fleetRecord, error) {
	provider, err := l.account.provider()
	if err != nil {
		return fleetRecord{}, err
	}
	r := fleetRecord{creds: creds, secrets: secretNames(provider)}
	if r.target, err = fleet.Parse(creds.Fleet, false); err != nil {
		return r, err
	}
	if r.seal, err = r.target.Seal(provider.Name, creds, r.secrets); err != nil {
		return r, err
	}
	if provider.Limits.Rotates {
		r.creds = r.seal.Keep(creds) // what is derived from rotated secrets would be another record
	}
	return r, nil
}

// fromFleet looks for a token in the fleet: whoever can open its record has the
// right secret, so that the vendor need not be asked, whose answer might end
// the fleet's token. found is false where the fleet has none.
func (l *Login) fromFleet(ctx context.Context, r fleetRecord) (grant auth.Grant, found bool, err error) {
	engine, err := fleet.Open(r.target)
	if err != nil {
		return grant, false, err
	}
	defer engine.Close()
	ctx, cancel := context.WithTimeout(ctx, fleetLoginTimeout)
	defer cancel()
	grant, err = fleet.Lookup(ctx, engine, r.target, r.seal, r.creds, r.secrets, l.account.client.now)
	if auth.Is(err, auth.NotFound) {
		return auth.Grant{}, false, nil
	}
	return grant, err == nil, err
}

// fleetLoginTimeout bounds the look at the engine that a login begins with.
const fleetLoginTimeout = 10 * time.Second
