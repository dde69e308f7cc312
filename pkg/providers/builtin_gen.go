// Code generated from vendors/*.yaml by TestBuiltinGenerated; DO NOT EDIT.

package providers

import "github.com/hauth/hauth/pkg/auth"

// builtinNames lists the built-in providers in the order in which they are
// shown.
func builtinNames() []string {
	return []string{
		"123pan",
		"hitem3d",
		"wahool",
		"wahool-authorization",
	}
}

// builtin returns the Spec of a built-in provider, nil for any other name.
func builtin(name string) *Spec {
	switch name {
	case "123pan":
		return builtin123pan()
	case "hitem3d":
		return builtinHitem3d()
	case "wahool":
		return builtinWahool()
	case "wahool-authorization":
		return builtinWahoolAuthorization()
	}
	return nil
}

func builtin123pan() *Spec {
	return &Spec{
		Name:  "123pan",
		Title: "123pan open platform",
		Docs:  "https://123yunpan.yuque.com/org-wiki-123yunpan-muaork/cr6ced/gn1nai4x0v0ry9ki",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "clientID",
			},
			{
				Name:   "client_secret",
				Label:  "clientSecret",
				Secret: true,
			},
		},
		Endpoint: "https://open-api.123pan.com",
		Request: Request{
			Method: "POST",
			Path:   "/api/v1/access_token",
			Headers: map[string]string{
				"Platform": "open_platform",
			},
			JSON: map[string]any{
				"clientID":     "{client_id}",
				"clientSecret": "{client_secret}",
			},
		},
		OK: map[string][]string{
			"code": {
				"0",
			},
		},
		Token: []string{
			"data.accessToken",
		},
		Expires: []Expiry{
			{
				At: "data.expiredAt",
				As: "rfc3339",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
				"msg",
			},
			Trace: []string{
				"x-traceID",
			},
		},
		Codes: map[string]string{
			"1":   "transient",
			"401": "denied",
			"429": "throttled",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
				"Platform":      "open_platform",
			},
			Refused: []string{
				"401",
			},
		},
		Limits: auth.Limits{
			Live: 3,
		},
	}
}

func builtinHitem3d() *Spec {
	return &Spec{
		Name:  "hitem3d",
		Title: "Hitem3D",
		Docs:  "https://docs.hitem3d.ai/zh/api/api-reference/list/get-token",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "client_id",
			},
			{
				Name:   "client_secret",
				Label:  "client_secret",
				Secret: true,
			},
		},
		Endpoint: "https://api.hitem3d.ai",
		Request: Request{
			Method: "POST",
			Path:   "/open-api/v1/auth/token",
			Headers: map[string]string{
				"Content-Type": "application/json",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		OK: map[string][]string{
			"code": {
				"200",
			},
		},
		Token: []string{
			"data.accessToken",
		},
		Expires: []Expiry{
			{
				After: 86400000000000, /* 24h0m0s */
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"msg",
				"message",
			},
		},
		Codes: map[string]string{
			"10000000": "transient",
			"40010000": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
			Refused: []string{
				"401",
			},
		},
	}
}

func builtinWahool() *Spec {
	return &Spec{
		Name:       "wahool",
		Title:      "Wahool seller API",
		Docs:       "https://github.com/xingxinping/mywebsite",
		Unverified: "no document shows this host together with this path; the provider wahool-authorization has the pair that one does",
		Vars: []Var{
			{
				Name:  "access_key",
				Label: "accessKey",
			},
			{
				Name:   "secret_key",
				Label:  "secretKey",
				Secret: true,
			},
		},
		Endpoint: "https://open-api.wahool.com/api",
		Request: Request{
			Method: "POST",
			Path:   "/seller/202405/auth/get-access-token",
			JSON: map[string]any{
				"accessKey": "{access_key}",
				"secretKey": "{secret_key}",
			},
		},
		OK: map[string][]string{
			"code": {
				"200",
			},
		},
		Token: []string{
			"data.accessToken",
		},
		Expires: []Expiry{
			{
				At: "data.accessToken",
				As: "jwt",
			},
			{
				At: "data.expiresIn",
				As: "milliseconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
				"msg",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinWahoolAuthorization() *Spec {
	return &Spec{
		Name:  "wahool-authorization",
		Title: "Wahool seller API (newer path)",
		Docs:  "https://github.com/xingxinping/mywebsite",
		Vars: []Var{
			{
				Name:  "access_key",
				Label: "accessKey",
			},
			{
				Name:   "secret_key",
				Label:  "secretKey",
				Secret: true,
			},
		},
		Endpoint: "https://open-api.wahool.com/api",
		Request: Request{
			Method: "POST",
			Path:   "/seller/202405/authorization",
			JSON: map[string]any{
				"accessKey": "{access_key}",
				"secretKey": "{secret_key}",
			},
		},
		OK: map[string][]string{
			"code": {
				"200",
			},
		},
		Token: []string{
			"data.accessToken",
		},
		Expires: []Expiry{
			{
				At: "data.accessToken",
				As: "jwt",
			},
			{
				At: "data.expiresIn",
				As: "milliseconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
				"msg",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}
