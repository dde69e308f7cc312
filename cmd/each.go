package cmd

import (
	"sync"
	"sync/atomic"

	"github.com/hauth/hauth/pkg/auth"
)

// many are the accounts that one command processes: one after the other or, if
// there are more than a few, several vendors at a time.
type many struct {
	accounts []auth.Account
	before   error                    // a failure that comes before those of the accounts
	changed  func(auth.Account) *bool // whether the token changed, for --json; nil: not told
	what     string                   // "refreshing", if several vendors may be processed at a time
	do       func(auth.Account) error
}

const (
	fewAccounts      = 4 // up to this number are processed one after the other
	vendorsAtOneTime = 4
)

// each tries all accounts; of several failures the first one's code counts.
// Under --json the accounts' state goes to stdout.
func (a *app) each(m many) error {
	if len(m.accounts) == 0 && m.before == nil {
		a.notice("", "there are no accounts: nothing was done") // silence would look like success
	}
	errs := make([]error, len(m.accounts))
	if m.what != "" && len(m.accounts) > fewAccounts {
		a.eachVendor(m, errs)
	} else {
		for i, account := range m.accounts {
			errs[i] = about(account, m.do(account))
			if a.ctx.Err() != nil {
				break
			}
		}
	}
	var failed failures
	for _, err := range append([]error{m.before}, errs...) {
		if err != nil {
			failed = append(failed, err)
		}
	}
	if a.json {
		rows, _ := a.statusRows(m.accounts, nil) // what failed is reported already
		for i := range rows {
			if m.changed != nil {
				rows[i].Changed = m.changed(rows[i].account)
			}
		}
		if err := a.writeStatus(rows); err != nil {
			failed = append(failed, err)
		}
	}
	return failed.orNil()
}

// eachVendor processes the accounts of a few vendors at a time, but never two
// of one vendor, whose rate limit covers all of them.
func (a *app) eachVendor(m many, errs []error) {
	var done atomic.Int64
	defer a.showProgress(countProgress(m.what, &done, len(m.accounts)))()
	queues := make(chan []int)
	var workers sync.WaitGroup
	for range vendorsAtOneTime {
		workers.Go(func() {
			for queue := range queues {
				for _, i := range queue {
					if a.ctx.Err() == nil {
						errs[i] = about(m.accounts[i], m.do(m.accounts[i]))
					}
					done.Add(1)
				}
			}
		})
	}
	for _, queue := range a.byVendor(m.accounts) {
		queues <- queue
	}
	close(queues)
	workers.Wait()
}

// byVendor groups the indices of accounts by the endpoint that they are logged
// in at, in the order of their first account.
func (a *app) byVendor(accounts []auth.Account) [][]int {
	var groups [][]int
	group := map[string]int{}
	for i, account := range accounts {
		endpoint := account.Provider
		if info, err := a.client.Info(account); err == nil {
			endpoint = info.Endpoint
		}
		g, ok := group[endpoint]
		if !ok {
			g = len(groups)
			group[endpoint] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}
