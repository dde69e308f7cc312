package cmd

import (
	"github.com/hauth/hauth/pkg/auth"
	"github.com/hauth/hauth/pkg/providers"
	"github.com/hauth/hauth/pkg/store"
)

// carry is how an API call carries the account's token. That is up to the
// provider's file, so a file that has changed since login is not asked: it
// could put the token where its owner never agreed to.
func (s *session) carry(t auth.Token) (providers.Carried, error) {
	provider, err := s.provider()
	if err != nil {
		return providers.Carried{}, err
	}
	if vault, ok := s.keep.(*store.Vault); ok && vault.Info().SpecSHA256 != provider.SHA256 {
		return providers.Carried{}, &auth.Error{Kind: auth.Usage, Fact: "the provider file changed since login", Remedy: auth.RemedyReview}
	}
	return provider.Carry(t.Value), nil
}
