package cmd

import (
	"fmt"
	"strings"

	"github.com/hauth/hauth/pkg/broker"
	"github.com/hauth/hauth/pkg/hauth"
)

func formatPowerShell(_ *app, s *hauth.Account, r broker.Result) (string, error) {
	prefix := s.Name.EnvPrefix()
	return fmt.Sprintf("$env:%s_TOKEN = %s\n$env:%s_EXPIRES_AT = %s\n",
		prefix, powershellQuote(r.Token.Value.Reveal()), prefix, powershellQuote(rfc3339(r.Token.ExpiresAt))), nil
}

// powershellQuote makes s a PowerShell string. PowerShell treats typographic
// quotation marks like "'".
func powershellQuote(s string) string {
	return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(s) + "'"
}
