package hauth

import (
	"context"

	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/broker"
)

// TokenSource gives an account the shape of golang.org/x/oauth2's TokenSource, for
// any token type: TokenSource[oauth2.Token] is an oauth2.TokenSource. That package
// itself is not needed. Account and Convert must be set.
type TokenSource[T any] struct {
	Account *Account
	Convert func(auth.Token) *T
	Want    broker.Want
	Context context.Context // nil: context.Background()
}

// Token returns a valid token. It may be called at any time and by several
// goroutines; while the account is unchanged, the token comes from memory. A
// valid one is not waited for: it is replaced in the background before its end.
func (s TokenSource[T]) Token() (*T, error) {
	ctx := s.Context
	if ctx == nil {
		ctx = context.Background()
	}
	token, err := s.Account.remembered(ctx, s.Want)
	if err != nil {
		return nil, err
	}
	return s.Convert(token), nil
}
