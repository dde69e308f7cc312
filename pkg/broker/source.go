package broker

import (
	"context"

	"github.com/hauth/hauth/pkg/auth"
)

// Source gives a Broker the shape of golang.org/x/oauth2's TokenSource, for
// any token type: Source[oauth2.Token] is an oauth2.TokenSource. The package
// itself is not needed for that.
type Source[T any] struct {
	Broker  *Broker
	Convert func(auth.Token) *T
	Want    Want
	Context context.Context // nil: context.Background()
}

// Token returns a valid token. It may be called at any time and from several
// goroutines; a cached token costs one read of the store.
func (s Source[T]) Token() (*T, error) {
	ctx := s.Context
	if ctx == nil {
		ctx = context.Background()
	}
	result, err := s.Broker.Token(ctx, s.Want)
	if err != nil {
		return nil, err
	}
	return s.Convert(result.Token), nil
}
