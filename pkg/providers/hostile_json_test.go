package providers

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hauth/hauth/pkg/auth"
)

// TestHostileJSON: what encoding/json reads leniently is refused, what it
// reads slowly or largely is bounded, and nothing of it is repeated.
func TestHostileJSON(t *testing.T) {
	p := plain(t, asForm, "ok: {code: [\"\", \"0\"]}\nerror: {code: code, message: msg}\n"+secondsUse)
	with := func(more string) string { return `{"token":"x","ttl":3600,` + more + `}` }
	nested := func(open, shut string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(shut, n) }
	many := func(item string, n int) string { return "[" + strings.Repeat(item+",", n-1) + item + "]" }
	for name, test := range map[string]struct{ body, op string }{
		"a key twice":                    {with(`"ttl":3600`), errDuplicate.Error()},
		"a key twice, once escaped":      {`{"token":"x","ttl":3600,"\u0074oken":"y"}`, errDuplicate.Error()},
		"a key twice, both escaped":      {`{"\u0074oken":"x","\u0074oken":"x","ttl":3600}`, errDuplicate.Error()},
		"the code twice":                 {with(`"code":1,"cod\u0065":0`), errDuplicate.Error()},
		"an empty key twice":             {with(`"":1,"":2`), errDuplicate.Error()},
		"a key twice, deep in a list":    {with(`"z":[[{"a":1,"a":1}]]`), errDuplicate.Error()},
		"lone surrogates, two keys":      {with(`"\ud800":1,"\udfff":2`), errDuplicate.Error()},
		"invalid UTF-8, two keys":        {with("\"\xff\":1,\"\xfe\":2"), errDuplicate.Error()},
		"KELVIN SIGN for k":              {strings.Replace(goodBody, "token", "to\u212aen", 1), "no token in the response at token"},
		"other case":                     {strings.Replace(goodBody, "token", "TOKEN", 1), "no token in the response at token"},
		"NUL in a key":                   {strings.Replace(goodBody, "token", `token\u0000`, 1), "no token in the response at token"},
		"a raw NUL":                      {strings.Replace(goodBody, "token", "token\x00", 1), errNotJSON.Error()},
		"a raw newline in a text":        {with("\"a\":\"\n\""), errNotJSON.Error()},
		"UTF-16":                         {"\xff\xfe{\x00}\x00", errNotJSON.Error()},
		"two BOMs":                       {"\ufeff\ufeff" + goodBody, errNotJSON.Error()},
		"BOM at the end":                 {goodBody + "\ufeff", errTrailing.Error()},
		"BOM alone":                      {"\ufeff", errEmpty.Error()},
		"depth 65":                       {with(`"z":` + nested("[", "]", 65)), errDepth.Error()},
		"depth 10,000":                   {with(`"z":` + nested("[", "]", 10_000)), errDepth.Error()},
		"objects 10,000 deep":            {with(`"z":` + nested(`{"a":`, "}", 10_000)), errDepth.Error()},
		"1 MiB of [":                     {strings.Repeat("[", maxAnswer), errDepth.Error()},
		"1 MiB of {":                     {strings.Repeat(`{"a":`, maxAnswer/5), errDepth.Error()},
		"350,000 empty objects":          {many("{}", 349_000), errMany.Error()},
		"500,000 numbers":                {with(`"z":` + many("1", 500_000)), errMany.Error()},
		"10,000 values and the token":    {with(`"z":` + many("1", maxJSONValues)), errMany.Error()},
		"a megabyte of spaces":           {strings.Repeat(" ", maxAnswer), errEmpty.Error()},
		"two documents":                  {goodBody + goodBody, errTrailing.Error()},
		"two documents, two lines":       {goodBody + "\n" + goodBody, errTrailing.Error()},
		"NUL after it":                   {goodBody + "\x00", errTrailing.Error()},
		"a brace after it":               {goodBody + "}", errTrailing.Error()},
		"a comment":                      {"/* */" + goodBody, errNotJSON.Error()},
		"a comma too many":               {`{"token":"x","ttl":3600,}`, errNotJSON.Error()},
		"a list's comma too many":        {with(`"z":[1,]`), errNotJSON.Error()},
		"no comma":                       {`{"token":"x" "ttl":3600}`, errNotJSON.Error()},
		"no colon":                       {`{"token" "x","ttl":3600}`, errNotJSON.Error()},
		"single quotes":                  {`{'token':'x','ttl':3600}`, errNotJSON.Error()},
		"a bare key":                     {`{token:"x",ttl:3600}`, errNotJSON.Error()},
		"a key that is a number":         {`{1:"x","token":"x","ttl":3600}`, errNotJSON.Error()},
		"a key that is an object":        {`{{}:1}`, errNotJSON.Error()},
		"crossed brackets":               {`{"token":"x","ttl":3600,"z":[}]`, errNotJSON.Error()},
		"JSONP":                          {`cb(` + goodBody + `)`, errNotJSON.Error()},
		"the XSSI guard":                 {`)]}',` + "\n" + goodBody, errNotJSON.Error()},
		"NaN":                            {with(`"z":NaN`), errNotJSON.Error()},
		"01":                             {with(`"z":01`), errNotJSON.Error()},
		"+1":                             {with(`"z":+1`), errNotJSON.Error()},
		"cut in an escape":               {`{"token":"\u00`, errTruncated.Error()},
		"a life of 1e309":                {`{"token":"x","ttl":1e309}`, "unusable expiry in the response: ttl cannot be read as seconds"},
		"a life of -0":                   {`{"token":"x","ttl":-0}`, "unusable expiry in the response: ttl cannot be read as seconds"},
		"a life of -0.0":                 {`{"token":"x","ttl":"-0.0"}`, "unusable expiry in the response: ttl cannot be read as seconds"},
		"a life of a megabyte of digits": {`{"token":"x","ttl":` + strings.Repeat("9", 1e6) + `}`, "unusable expiry in the response: ttl cannot be read as seconds"},
		"a life in Arabic digits":        {`{"token":"x","ttl":"٣٦٠٠"}`, "unusable expiry in the response: ttl cannot be read as seconds"},
		"a life in full-width digits":    {`{"token":"x","ttl":"３６００"}`, "unusable expiry in the response: ttl cannot be read as seconds"},
		"a token of digits":              {`{"token":123456,"ttl":3600}`, "no token in the response at token"},
		"a token that is true":           {`{"token":true,"ttl":3600}`, "no token in the response at token"},
		"a token of a lone surrogate":    {`{"token":"a\ud800","ttl":3600}`, "the token contains a character outside ASCII"},
		"a token of invalid UTF-8":       {"{\"token\":\"a\xff\",\"ttl\":3600}", "the token contains a character outside ASCII"},
		"a token with DEL":               {`{"token":"a\u007f","ttl":3600}`, "the token contains a control character"},
		"a token that injects a header":  {`{"token":"a\r\nX-Evil: 1","ttl":3600}`, "the token contains a control character"},
		"a code of -0":                   {with(`"code":-0`), "refused by the vendor"},
		"a code of 0.0":                  {with(`"code":0.0`), "refused by the vendor"},
		"a code of false":                {with(`"code":false`), "refused by the vendor"},
		"a code that is a list":          {with(`"code":["0"]`), "the response does not match the vendor's documentation"},
	} {
		t.Run(name, func(t *testing.T) {
			o := exchange(t, p, nil, json200(test.body))
			e, ok := auth.AsError(o.err)
			if !ok || !strings.HasPrefix(e.Fact, test.op) {
				t.Fatalf("%v, want %s", o.err, test.op)
			}
			harmless(t, append(o.trace, e.Error())...)
		})
	}
}

// TestOddJSONThatIsGood: strictness is about meaning, not about what nobody
// looks at.
func TestOddJSONThatIsGood(t *testing.T) {
	p := plain(t, asForm, secondsUse)
	for name, body := range map[string]string{
		"BOM":                     "\ufeff" + goodBody,
		"spaces around it":        "\r\n\t " + goodBody + " \r\n\r\n",
		"escaped key":             strings.Replace(goodBody, "token", `\u0074oken`, 1),
		"numbers as text":         strings.Replace(goodBody, "3600", `"3600"`, 1),
		"number as text, spaced":  strings.Replace(goodBody, "3600", `" 3600 "`, 1),
		"1e309 that nobody reads": `{"token":"x","ttl":3600,"z":1e309}`,
		"lone surrogates":         `{"token":"x","ttl":3600,"msg":"\ud800","\udfff":1}`,
		"invalid UTF-8":           "{\"token\":\"x\",\"ttl\":3600,\"msg\":\"\xd5\xfd\"}", // GBK
		"NUL in a text":           `{"token":"x","ttl":3600,"msg":"\u0000"}`,
		"KELVIN SIGN beside k":    "{\"token\":\"x\",\"to\u212aen\":\"y\",\"TOKEN\":\"z\",\"ttl\":3600}",
		"depth 64":                `{"token":"x","ttl":3600,"z":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`,
		"9,990 values":            `{"token":"x","ttl":3600,"z":[` + strings.Repeat("0,", 9_989) + `0]}`,
	} {
		t.Run(name, func(t *testing.T) {
			wantToken(t, exchange(t, p, nil, json200(body)), "x", time.Hour)
		})
	}
}

// FuzzReadJSON: what is accepted is what encoding/json accepts, and whoever
// reads it with another parser sees the same object.
func FuzzReadJSON(f *testing.F) {
	for _, seed := range []string{goodBody, `{"a":[1,{"b":null}]}`, `{"a":1,"\u0061":2}`, `[`, `"\ud800"`, "\ufeff{}", `1e309`, `[1,]`, `{"a":1}x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := readJSON(body)
		if err != nil {
			for _, known := range []error{errEmpty, errTruncated, errNotJSON, errDuplicate, errDepth, errTrailing, errMany} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("an error of another's: %v", err)
		}
		if !json.Valid([]byte(strings.TrimPrefix(string(body), "\ufeff"))) {
			t.Fatalf("%q is not JSON", body)
		}
		once, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readJSON(once)
		if err != nil {
			t.Fatalf("%q: %v", once, err)
		}
		if twice, _ := json.Marshal(again); string(twice) != string(once) {
			t.Errorf("%q, then %q", once, twice)
		}
	})
}
