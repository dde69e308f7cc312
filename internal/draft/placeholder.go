package draft

import "strings"

// placeholder recognises what documents write in place of the reader's own
// value: {client_id}, <your key>, $SECRET, %ID%, YOUR_APP_ID, CLIENT_ID,
// xxxx. name is empty where it says nothing.
func placeholder(value string) (name string, ok bool) {
	if inner, rest := cutPlaceholder(value); inner != "" && rest == "" {
		return inner, true
	}
	if inner, ok := strings.CutPrefix(value, "$"); ok && inner != "" && nameLength(inner) == len(inner) {
		return inner, true
	}
	if len(value) > 2 && strings.HasPrefix(value, "%") && strings.HasSuffix(value, "%") && nameLength(value[1:]) == len(value)-2 {
		return value[1 : len(value)-1], true
	}
	lower := strings.ToLower(value)
	switch {
	case len(value) >= 3 && strings.Trim(lower, "x*.…-_#") == "":
		return "", true
	case len(value) > maxPlaceholder:
	case strings.HasPrefix(lower, "your"), strings.HasPrefix(lower, "my_"), strings.HasPrefix(lower, "my-"), strings.HasPrefix(lower, "insert"),
		strings.HasPrefix(lower, "replace"), strings.HasPrefix(value, "您的"), strings.HasPrefix(value, "你的"):
		return value, true
	case strings.Contains(value, "_") && strings.Trim(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && value != strings.ToLower(value):
		return value, true
	}
	return "", false
}

// maxPlaceholder bounds a placeholder's text, in bytes.
const maxPlaceholder = 60

// cutPlaceholder returns the inner text of a placeholder in brackets at the
// beginning of s, and what follows it. inner is empty where there is none.
func cutPlaceholder(s string) (inner, rest string) {
	for _, bracket := range [][2]string{{"${", "}"}, {"{{", "}}"}, {"{", "}"}, {"<", ">"}, {"[", "]"}} {
		after, ok := strings.CutPrefix(s, bracket[0])
		if !ok {
			continue
		}
		text, rest, closed := strings.Cut(after, bracket[1])
		text = strings.TrimSpace(text)
		if closed && text != "" && len(text) <= maxPlaceholder && !strings.ContainsAny(text, "{}<>[]\"':,/") {
			return text, rest
		}
	}
	return "", s
}

// fill replaces every placeholder in brackets by what template makes of it.
func fill(text string, template func(name string) string) string {
	var b strings.Builder
	for text != "" {
		if inner, rest := cutPlaceholder(text); inner != "" {
			b.WriteString(template(inner))
			text = rest
			continue
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}

// looksSecret reports whether a value looks random: long, without a space,
// letters and digits mixed. Making a variable of an ordinary value is easy to
// undo; the opposite mistake would put a secret into a file.
func looksSecret(value string) bool {
	if strings.HasPrefix(value, "eyJ") {
		return true
	}
	digits, letters := 0, 0
	for i := range len(value) {
		switch c := value[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			letters++
		case !strings.ContainsRune("_-+/=.~", rune(c)):
			return false
		}
	}
	return len(value) >= 16 && digits >= 2 && letters >= 2 && !strings.Contains(value, "://")
}

// isText reports whether a provider file can contain the text.
func isText(s string) bool {
	return strings.ToValidUTF8(s, "") == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
