package draft

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Like drafts the provider of that name from another one's file. What
// describes the other provider itself is left out, and its addresses are
// TODO, so that credentials do not go there by mistake.
func Like(name, other string, source []byte) (*Draft, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("it is not a provider file")
	}
	root := doc.Content[0]
	withoutComments(&doc)
	var kept []*yaml.Node
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		var comment string
		switch key.Value {
		case "title", "docs", "note", "unverified", "source":
			continue
		case "name":
			value.SetString(name)
			comment = fmt.Sprintf("%s, drafted like %s. Go through it with the vendor's own document, line by line.\nTo see the request: hauth providers check %s.yaml --dry-run", name, other, name)
		case "endpoint", "api":
			comment = key.Value + " of " + other + ": " + texts(value)
			if strings.HasPrefix(value.Value, "{") { // a value that the response brings
				break
			}
			*value = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: TODO}
		default:
			comment = meaning(key.Value)
		}
		key.HeadComment = comment
		kept = append(kept, key, value)
	}
	root.Content = kept
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, errors.New("it cannot be written")
	}
	return &Draft{Text: b.String()}, nil
}

func withoutComments(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, child := range n.Content {
		withoutComments(child)
	}
}

// texts is a text or a list of them, on one line.
func texts(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	var items []string
	for _, item := range n.Content {
		items = append(items, item.Value)
	}
	return strings.Join(items, ", ")
}

// meaning says what belongs in a field.
func meaning(field string) string {
	switch field {
	case "vars":
		return "What login asks for, in this order. The label is the vendor's own term."
	case "oauth2":
		return "The request and the response follow RFC 6749; what this file says takes precedence."
	case "request":
		return "How the credentials are sent: json, form, query, basic or headers."
	case "ok":
		return "What means success besides HTTP 2xx; compared as text."
	case "token":
		return "Where the token is in the response."
	case "expires":
		return "How long it is valid; the first that can be read is used. {after: 2h} if only the document says it."
	case "error":
		return "Where a failure has its code, message and trace id."
	case "codes":
		return "What the vendor's codes mean: denied, refused, throttled or transient."
	case "use":
		return "How an API call carries the token, and the codes with which it says that the token is dead."
	case "limits":
		return "live: tokens that are valid at once; every: shortest time between two requests."
	case "jwt":
		return "What {jwt} is. Look at the claims: aud in particular depends on the vendor."
	case "sign":
		return "What {sign} is: a digest over these parts, one after the other."
	case "rotate":
		return "Secret variables that the response replaces, and where the new value is; {}: none."
	case "keep":
		return "Further values of the response, for api and use."
	case "command":
		return "A program that makes the token."
	}
	return ""
}
