package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hauth/hauth/pkg/hauth"
	"github.com/hauth/hauth/pkg/store"
)

// certificateNotice is how long before a certificate expires it gets a
// warning.
const certificateNotice = 14 * 24 * time.Hour

// checkFleets names the engine and the record of each account that is shared,
// so that machines can be compared. With network the engine is contacted.
func (a *app) checkFleets(network bool) []check {
	var checks []check
	accounts, _, _ := a.knownAccounts()
	fromEnvironment := false
	for _, name := range accounts {
		account, err := a.client.Open(name.String())
		if err != nil || account.Fleet() == "" {
			continue // another check reports what cannot be opened
		}
		fromEnvironment = fromEnvironment || account.Source == hauth.SourceEnvironment
		checks = append(checks, a.checkFleet(account, network))
	}
	engine, err := a.client.EnvironmentFleet()
	switch {
	case err != nil:
		checks = append(checks, a.failed("HAUTH_FLEET", err))
	case engine != "" && !fromEnvironment:
		checks = append(checks, check{
			Name: "HAUTH_FLEET", Status: checkWarning, Hint: "for a stored account use: hauth login ACCOUNT --fleet URL",
			Detail: engine + " is not used: no credentials are in the environment",
		})
	}
	return checks
}

func (a *app) checkFleet(account *hauth.Account, network bool) check {
	c := check{Name: "fleet of " + account.Name.String(), Status: checkOK}
	facts := []string{account.Fleet()}
	if account.FleetPlain() {
		c.Status = checkWarning
		facts = append(facts, "not encrypted: anyone on the network can delete what is shared or hold it back")
	}
	// The record's name is derived from the secret, and opening a keyring could
	// show a prompt.
	if !network && account.Store() == store.Keyring {
		c.Detail = strings.Join(append(facts, "--network opens the keyring and names the record"), "; ")
		return c
	}
	// The engine is called five times, and a program may take seconds for each.
	ctx, cancel := context.WithTimeout(a.ctx, 3*a.timeout)
	defer cancel()
	start := time.Now()
	report, err := account.ProbeFleet(ctx, network)
	if report.Short != "" {
		facts = append(facts, "record "+report.Short)
	}
	if err != nil {
		failed := a.failed(c.Name, err)
		failed.Detail = strings.Join(append(facts, failed.Detail), "; ")
		if network {
			failed.TookMS = milliseconds(time.Since(start))
		}
		return failed
	}
	if network {
		c.TookMS = milliseconds(report.Took)
		facts = append(facts, a.fleetFacts(report, &c)...)
		if report.Rights != "" {
			c.Hint = "its user needs no more rights than:\n" + report.Rights
		}
	}
	c.Detail = strings.Join(facts, "; ")
	return c
}

// clockFact says how far the engine's clock is from this machine's. Tokens are
// right all the same: no machine's clock counts for another's.
func clockFact(ahead time.Duration) string {
	switch apart := ahead.Abs().Round(time.Second); {
	case apart <= maxSkew:
		return fmt.Sprintf("its clock agrees to %s", apart)
	case ahead > 0:
		return fmt.Sprintf("its clock is %s ahead of this machine's, which does no harm", apart)
	default:
		return fmt.Sprintf("its clock is %s behind this machine's, which does no harm", apart)
	}
}

// fleetFacts are what the engine was found to be and to hold. A certificate
// that will soon end makes c a warning.
func (a *app) fleetFacts(r hauth.FleetReport, c *check) []string {
	facts := []string{
		fmt.Sprintf("read in %.1f ms, and compares before it writes", milliseconds(r.Took)),
		clockFact(r.Clock),
	}
	switch {
	case r.Token > 0:
		facts = append(facts, "has a token, valid for "+humanDuration(r.Token.Round(time.Second)))
	case r.Record:
		facts = append(facts, "has a record, but no valid token")
	default:
		facts = append(facts, "has no record yet")
	}
	if r.LeaseFor > 0 {
		facts = append(facts, fmt.Sprintf("%s is asking the vendor, for at most %s", firstNonEmpty(r.Host, "another machine"), r.LeaseFor.Round(time.Second)))
	}
	for _, certificate := range []struct {
		whose string
		end   time.Time
	}{{"its certificate", r.Server}, {"the certificate of this machine", r.Client}} {
		if certificate.end.IsZero() {
			continue
		}
		facts = append(facts, certificate.whose+" ends "+rfc3339(certificate.end))
		if certificate.end.Sub(a.env.Now()) < certificateNotice {
			c.Status = checkWarning
		}
	}
	return facts
}
