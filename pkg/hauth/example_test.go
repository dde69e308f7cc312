package hauth_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

// A program of your own shares the accounts of the hauth command: the same
// credentials, the same cache, one request for all.
func Example() {
	account, err := client().Open("123pan") // in your program: new(hauth.Client).Open("123pan")
	if err != nil {
		panic(err)
	}
	result, err := account.Token(context.Background(), broker.Want{MinTTL: 10 * time.Minute})
	if err != nil {
		panic(err)
	}
	fmt.Println(result.Token.Type, result.Token.Value, result.From)
	// Output: Bearer [redacted] vendor
}

// An HTTP client whose requests carry the account's token, and which replaces
// a token that the API no longer accepts.
func ExampleClient_Transport() {
	api := &http.Client{Transport: client().Transport("123pan", nil)}
	resp, err := api.Get(endpoint() + "/api/v1/user/info")
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, len(body) > 0)
	// Output: 200 true
}

// Token stands for oauth2.Token, which has these fields too.
type Token struct {
	AccessToken string
	TokenType   string
	Expiry      time.Time
}

// With T as oauth2.Token, a TokenSource is an oauth2.TokenSource.
func ExampleTokenSource() {
	account, err := client().Open("123pan")
	if err != nil {
		panic(err)
	}
	source := hauth.TokenSource[Token]{
		Account: account,
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
