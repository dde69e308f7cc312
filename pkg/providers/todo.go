package providers

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hauth/hauth/pkg/auth"
)

// todo stands in a draft where only the vendor's document says what belongs
// there. A file that holds one is not complete.
const todo = "TODO"

// todos reports each value that is still to be filled in, and what to write.
// What people read may be any text.
func (d *decoder) todos(path string, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			switch key := n.Content[i].Value; {
			case path == "" && (key == "title" || key == "docs" || key == "note" || key == "unverified" || key == "vars"):
			default:
				d.todos(join(path, key), n.Content[i+1])
			}
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			d.todos(join(path, strconv.Itoa(i)), item)
		}
	case yaml.ScalarNode:
		if n.Value == todo && n.Tag == "!!str" {
			d.unfinished = true
			d.fail(n.Line, fmt.Sprintf("%s is still %s%s", auth.Printable(path), todo, toWrite(path)))
		}
	}
}

func toWrite(path string) string {
	field, rest, _ := strings.Cut(path, ".")
	switch {
	case field == "endpoint":
		return ": write the base URL, such as https://api.example.com"
	case field == "api":
		return ": write the API's base URL, or leave it out where it is the endpoint"
	case path == "request.path":
		return ": write the path of the token endpoint, such as /v1/token"
	case field == "token":
		return ": write where the token is in the response, such as data.access_token"
	case field == "expires" && strings.HasSuffix(rest, ".at"):
		return ": write where the response says how long the token is valid, or {after: 2h} if only the document says"
	}
	return ": write what the vendor's document says"
}
