package broker_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/hauth/hauth/internal/mockvendor"
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// A program of your own shares the accounts of the hauth command: the same
// store, the same locks, one request for everybody.
func Example() {
	account, options, leave := logIn()
	defer leave()

	provider, err := providers.Catalogue{}.Find(account.Provider)
	if err != nil {
		panic(err)
	}
	vault, err := store.Open(options, account)
	if err != nil {
		panic(err)
	}
	b := &broker.Broker{Store: vault, Attempts: vault, Exchanger: func() (broker.Exchanger, auth.Limits, error) {
		return &providers.Engine{Provider: provider}, provider.Limits, nil
	}}
	result, err := b.Token(context.Background(), broker.Want{MinTTL: 10 * time.Minute})
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Token.Type, result.Token.Value, result.From == broker.FromVendor)
	// Output: Bearer [redacted] false
}

// Token stands for oauth2.Token, which has these fields too.
type Token struct {
	AccessToken string
	TokenType   string
	Expiry      time.Time
}

// With T as oauth2.Token, a Source is an oauth2.TokenSource.
func ExampleSource() {
	account, options, leave := logIn()
	defer leave()
	vault, err := store.Open(options, account)
	if err != nil {
		panic(err)
	}

	source := broker.Source[Token]{
		Broker: &broker.Broker{Store: vault, Attempts: vault},
		Convert: func(t auth.Token) *Token {
			return &Token{AccessToken: t.Value.Reveal(), TokenType: t.Type, Expiry: t.ExpiresAt}
		},
	}
	token, err := source.Token()
	if err != nil {
		panic(err)
	}
	fmt.Println(token.TokenType, len(token.AccessToken) > 0, time.Until(token.Expiry) > time.Hour)
	// Output: Bearer true true
}

// logIn does what `hauth login 123pan --store file` does, against the mock.
func logIn() (auth.Account, store.Options, func()) {
	mock := httptest.NewServer(mockvendor.New(mockvendor.Options{}))
	home, err := os.MkdirTemp("", "hauth-example-")
	if err != nil {
		panic(err)
	}
	dirs := store.Dirs{
		Config: filepath.Join(home, "config"), Data: filepath.Join(home, "data"),
		State: filepath.Join(home, "state"), Cache: filepath.Join(home, "cache"),
	}
	noenv := func(string) string { return "" }
	options := store.Options{Dirs: dirs, Backend: func(string) (store.Backend, error) { return store.NewFile(dirs, noenv) }}
	account := auth.Account{Provider: "123pan", Profile: auth.DefaultProfile}
	if _, err := store.MakeIdentity(dirs, noenv); err != nil {
		panic(err)
	}
	vault, err := store.Create(context.Background(), options, account, store.File)
	if err != nil {
		panic(err)
	}
	provider, err := providers.Catalogue{}.Find(account.Provider)
	if err != nil {
		panic(err)
	}
	creds := auth.Credentials{ID: "example", Endpoint: mock.URL + "/123pan", Vars: map[string]auth.Secret{
		"client_id":     auth.NewSecret("mock-only-123pan-id"),
		"client_secret": auth.NewSecret("mock-only-123pan-secret-5f1c0a9e7d"),
	}}
	b := &broker.Broker{Store: vault, Attempts: vault, Exchanger: func() (broker.Exchanger, auth.Limits, error) {
		return &providers.Engine{Provider: provider}, provider.Limits, nil
	}}
	if _, err := b.Login(context.Background(), vault, creds, true); err != nil {
		panic(err)
	}
	return account, options, func() { mock.Close(); os.RemoveAll(home) }
}
