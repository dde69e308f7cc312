package draft

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the length of the longest variable name that a provider file
// takes, in bytes.
const maxName = 48

// variableName makes a vendor's term the name of a variable: clientID and
// Client-Id become client_id. fallback is for a term without a letter or a
// digit.
func variableName(word, fallback string) string {
	runes := []rune(word)
	var b strings.Builder
	for i, r := range runes {
		isLower := func(i int) bool {
			return i >= 0 && i < len(runes) && !unicode.IsUpper(runes[i]) && alphanumeric(runes[i])
		}
		switch {
		case !alphanumeric(r):
			b.WriteByte('_')
			continue
		case unicode.IsUpper(r) && i > 0 && (isLower(i-1) || alphanumeric(runes[i-1]) && isLower(i+1)):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	parts := slices.DeleteFunc(strings.Split(b.String(), "_"), func(part string) bool { return part == "" })
	for len(parts) > 1 && (parts[0] == "x" || parts[0] == "your" || parts[0] == "my" || parts[0] == "the") {
		parts = parts[1:]
	}
	name := strings.Join(parts, "_")
	if len(name) > maxName {
		name = strings.Trim(name[:maxName], "_")
	}
	for strings.HasSuffix(name, "_file") { // a file that holds the value is named so
		name = strings.TrimSuffix(name, "_file")
	}
	switch {
	case name == "", '0' <= name[0] && name[0] <= '9':
		return fallback
	case slices.Contains([]string{"token", "endpoint", "expires_at", "api", "jwt", "sign", "uuid", "now_s", "now_ms"}, name):
		return "vendor_" + name // the plain name means something else to hauth
	}
	return name
}

func alphanumeric(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// squashed is a term as it is compared: client_id, clientId and Client-ID are
// the same.
func squashed(word string) string {
	return strings.Map(func(r rune) rune {
		if !alphanumeric(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}

// namesSecret reports whether a term names something that must be kept
// secret.
func namesSecret(word string) bool {
	w := squashed(word)
	for _, part := range []string{"secret", "passw", "pwd", "privatekey", "apikey", "subscriptionkey", "credential"} {
		if strings.Contains(w, part) && !strings.HasSuffix(w, "id") {
			return true
		}
	}
	return strings.HasSuffix(w, "token") || slices.Contains([]string{"key", "code", "pin", "auth", "authorization", "assertion", "clientassertion"}, w)
}

// namesAccount reports whether a term names who sends the request.
func namesAccount(word string) bool {
	w := squashed(word)
	for _, part := range []string{"user", "account", "tenant", "login", "email", "phone", "appkey", "accesskey", "clientkey", "consumerkey", "merchant", "corp", "company", "customer", "partner", "organization", "project"} {
		if strings.Contains(w, part) && w != "useragent" {
			return true
		}
	}
	return strings.HasSuffix(w, "id")
}
