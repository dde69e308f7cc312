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
		"adobe-ims",
		"aliyundrive",
		"amadeus",
		"amazon-lwa",
		"apns",
		"apple-business",
		"appstoreconnect",
		"auth0",
		"baidu-aip",
		"baidu-pan",
		"bkash",
		"box-ccg",
		"checkout-com",
		"cielo",
		"cjdropshipping",
		"coze",
		"databricks",
		"dhl-parcel-de",
		"dingtalk",
		"docker-hub",
		"douyin",
		"dropbox",
		"ebay-app",
		"entra",
		"entra-cert",
		"ezviz",
		"fedex",
		"feishu",
		"fitbit",
		"getui",
		"github-app",
		"google-refresh",
		"google-sa",
		"hms-service-account",
		"huawei-iam",
		"huawei-push",
		"ibm-iam",
		"jamf",
		"keycloak",
		"keystone",
		"kling",
		"magento",
		"marketo",
		"mpesa",
		"nacos",
		"netsuite",
		"okta",
		"okta-org",
		"onelogin",
		"paypal",
		"phonepe",
		"pingone",
		"qqbot",
		"reddit-app",
		"registry",
		"salesforce-cc",
		"salesforce-jwt",
		"sap-ariba",
		"sap-concur",
		"servicenow",
		"servicenow-jwt",
		"shopify-cc",
		"snowflake-keypair",
		"spotify",
		"strava",
		"tencent-faceid",
		"tiktok",
		"twitch",
		"ups",
		"usps",
		"vault-approle",
		"vipps",
		"vivo-push",
		"walmart",
		"wechat-stable",
		"wechat-token",
		"wecom",
		"welink",
		"xero-cc",
		"xero-user",
		"yonyou",
		"youzan",
		"zhipu",
		"zoho",
		"zoom",
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
	case "adobe-ims":
		return builtinAdobeIms()
	case "aliyundrive":
		return builtinAliyundrive()
	case "amadeus":
		return builtinAmadeus()
	case "amazon-lwa":
		return builtinAmazonLwa()
	case "apns":
		return builtinApns()
	case "apple-business":
		return builtinAppleBusiness()
	case "appstoreconnect":
		return builtinAppstoreconnect()
	case "auth0":
		return builtinAuth0()
	case "baidu-aip":
		return builtinBaiduAip()
	case "baidu-pan":
		return builtinBaiduPan()
	case "bkash":
		return builtinBkash()
	case "box-ccg":
		return builtinBoxCcg()
	case "checkout-com":
		return builtinCheckoutCom()
	case "cielo":
		return builtinCielo()
	case "cjdropshipping":
		return builtinCjdropshipping()
	case "coze":
		return builtinCoze()
	case "databricks":
		return builtinDatabricks()
	case "dhl-parcel-de":
		return builtinDhlParcelDe()
	case "dingtalk":
		return builtinDingtalk()
	case "docker-hub":
		return builtinDockerHub()
	case "douyin":
		return builtinDouyin()
	case "dropbox":
		return builtinDropbox()
	case "ebay-app":
		return builtinEbayApp()
	case "entra":
		return builtinEntra()
	case "entra-cert":
		return builtinEntraCert()
	case "ezviz":
		return builtinEzviz()
	case "fedex":
		return builtinFedex()
	case "feishu":
		return builtinFeishu()
	case "fitbit":
		return builtinFitbit()
	case "getui":
		return builtinGetui()
	case "github-app":
		return builtinGithubApp()
	case "google-refresh":
		return builtinGoogleRefresh()
	case "google-sa":
		return builtinGoogleSa()
	case "hms-service-account":
		return builtinHmsServiceAccount()
	case "huawei-iam":
		return builtinHuaweiIam()
	case "huawei-push":
		return builtinHuaweiPush()
	case "ibm-iam":
		return builtinIbmIam()
	case "jamf":
		return builtinJamf()
	case "keycloak":
		return builtinKeycloak()
	case "keystone":
		return builtinKeystone()
	case "kling":
		return builtinKling()
	case "magento":
		return builtinMagento()
	case "marketo":
		return builtinMarketo()
	case "mpesa":
		return builtinMpesa()
	case "nacos":
		return builtinNacos()
	case "netsuite":
		return builtinNetsuite()
	case "okta":
		return builtinOkta()
	case "okta-org":
		return builtinOktaOrg()
	case "onelogin":
		return builtinOnelogin()
	case "paypal":
		return builtinPaypal()
	case "phonepe":
		return builtinPhonepe()
	case "pingone":
		return builtinPingone()
	case "qqbot":
		return builtinQqbot()
	case "reddit-app":
		return builtinRedditApp()
	case "registry":
		return builtinRegistry()
	case "salesforce-cc":
		return builtinSalesforceCc()
	case "salesforce-jwt":
		return builtinSalesforceJwt()
	case "sap-ariba":
		return builtinSapAriba()
	case "sap-concur":
		return builtinSapConcur()
	case "servicenow":
		return builtinServicenow()
	case "servicenow-jwt":
		return builtinServicenowJwt()
	case "shopify-cc":
		return builtinShopifyCc()
	case "snowflake-keypair":
		return builtinSnowflakeKeypair()
	case "spotify":
		return builtinSpotify()
	case "strava":
		return builtinStrava()
	case "tencent-faceid":
		return builtinTencentFaceid()
	case "tiktok":
		return builtinTiktok()
	case "twitch":
		return builtinTwitch()
	case "ups":
		return builtinUps()
	case "usps":
		return builtinUsps()
	case "vault-approle":
		return builtinVaultApprole()
	case "vipps":
		return builtinVipps()
	case "vivo-push":
		return builtinVivoPush()
	case "walmart":
		return builtinWalmart()
	case "wechat-stable":
		return builtinWechatStable()
	case "wechat-token":
		return builtinWechatToken()
	case "wecom":
		return builtinWecom()
	case "welink":
		return builtinWelink()
	case "xero-cc":
		return builtinXeroCc()
	case "xero-user":
		return builtinXeroUser()
	case "yonyou":
		return builtinYonyou()
	case "youzan":
		return builtinYouzan()
	case "zhipu":
		return builtinZhipu()
	case "zoho":
		return builtinZoho()
	case "zoom":
		return builtinZoom()
	}
	return nil
}

func builtin123pan() *Spec {
	return &Spec{
		Name:   "123pan",
		Title:  "123pan open platform",
		Docs:   "https://123yunpan.yuque.com/org-wiki-123yunpan-muaork/cr6ced/gn1nai4x0v0ry9ki",
		Source: "document",
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
		Name:   "hitem3d",
		Title:  "Hitem3D",
		Docs:   "https://docs.hitem3d.ai/zh/api/api-reference/list/get-token",
		Source: "document",
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
		Source:     "document",
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
		Name:   "wahool-authorization",
		Title:  "Wahool seller API (newer path)",
		Docs:   "https://github.com/xingxinping/mywebsite",
		Source: "document",
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

func builtinAdobeIms() *Spec {
	return &Spec{
		Name:   "adobe-ims",
		Title:  "Adobe OAuth Server-to-Server",
		Docs:   "https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/",
		Note:   "give the API that you call with --api; some want x-gw-ims-org-id as well",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
			{
				Name:  "scope",
				Label: "Scopes, divided by commas",
			},
		},
		Endpoint: "https://ims-na1.adobelogin.com",
		Request: Request{
			Method: "POST",
			Path:   "/ims/token/v3",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
				"scope":         "{scope}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
				"x-api-key":     "{client_id}",
			},
		},
	}
}

func builtinAliyundrive() *Spec {
	return &Spec{
		Name:   "aliyundrive",
		Title:  "Aliyun Drive open platform (阿里云盘)",
		Docs:   "https://www.yuque.com/aliyundrive/zpfszx",
		Note:   "each answer brings a new refresh token",
		Source: "client",
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
			{
				Name:   "refresh_token",
				Label:  "refresh_token",
				Secret: true,
			},
		},
		Endpoint: "https://openapi.alipan.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth/access_token",
			JSON: map[string]any{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
			{
				As: "jwt",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
			Trace: []string{
				"requestId",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
			Refused: []string{
				"AccessTokenInvalid",
				"AccessTokenExpired",
			},
		},
		Limits: auth.Limits{
			Rotates: true,
		},
		Rotate: map[string]string{
			"refresh_token": "refresh_token",
		},
	}
}

func builtinAmadeus() *Spec {
	return &Spec{
		Name:   "amadeus",
		Title:  "Amadeus Self-Service APIs",
		Docs:   "https://developers.amadeus.com/self-service/apis-docs/guides/developer-guides/API-Keys/authorization/",
		Note:   "for test keys give --endpoint https://test.api.amadeus.com",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "API Key",
			},
			{
				Name:   "client_secret",
				Label:  "API Secret",
				Secret: true,
			},
		},
		Endpoint: "https://api.amadeus.com",
		Request: Request{
			Method: "POST",
			Path:   "/v1/security/oauth2/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinAmazonLwa() *Spec {
	return &Spec{
		Name:   "amazon-lwa",
		Title:  "Amazon Selling Partner API",
		Docs:   "https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api",
		Note:   "restricted operations want a Restricted Data Token instead",
		Source: "document",
		Vars: []Var{
			{
				Name:    "region",
				Label:   "Region of the API, na, eu or fe",
				Is:      "label",
				Default: "na",
			},
			{
				Name:  "client_id",
				Label: "LWA client ID",
			},
			{
				Name:   "client_secret",
				Label:  "LWA client secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://api.amazon.com",
		API: []string{
			"https://sellingpartnerapi-{region}.amazon.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/auth/o2/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"x-amz-access-token": "{token}",
			},
		},
		Rotate: map[string]string{},
	}
}

func builtinApns() *Spec {
	return &Spec{
		Name:   "apns",
		Title:  "Apple Push Notification service",
		Docs:   "https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns",
		Note:   "for development give --endpoint https://api.sandbox.push.apple.com; the private key is the .p8 file",
		Source: "document",
		Vars: []Var{
			{
				Name:  "team_id",
				Label: "Team ID",
			},
			{
				Name:  "key_id",
				Label: "Key ID",
			},
			{
				Name:   "private_key",
				Label:  "APNs key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://api.push.apple.com",
		Token: []string{
			"{jwt}",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "bearer {token}",
			},
		},
		Limits: auth.Limits{
			Every: 1200000000000, /* 20m0s */
		},
		JWT: JWT{
			Alg: "ES256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"iss": "{team_id}",
			},
			Life: 3000000000000, /* 50m0s */
		},
	}
}

func builtinAppleBusiness() *Spec {
	return &Spec{
		Name:   "apple-business",
		Title:  "Apple Business and Apple School Manager",
		Docs:   "https://developer.apple.com/documentation/apple-school-and-business-manager-api/implementing-oauth-for-the-apple-school-manager-and-apple-business-api",
		Note:   "for Apple School Manager give the scope school.api and --api https://api-school.apple.com",
		Source: "client",
		Vars: []Var{
			{
				Name:    "scope",
				Label:   "Scope, business.api or school.api",
				Default: "business.api",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:  "key_id",
				Label: "Key ID",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://account.apple.com",
		API: []string{
			"https://api-business.apple.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/auth/oauth2/token",
			Form: map[string]string{
				"client_assertion":      "{jwt}",
				"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
				"client_id":             "{client_id}",
				"grant_type":            "client_credentials",
				"scope":                 "{scope}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "ES256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"aud": "https://account.apple.com/auth/oauth2/v2/token",
				"iss": "{client_id}",
				"sub": "{client_id}",
			},
			Life: 600000000000, /* 10m0s */
			JTI:  true,
		},
	}
}

func builtinAppstoreconnect() *Spec {
	return &Spec{
		Name:   "appstoreconnect",
		Title:  "App Store Connect API",
		Docs:   "https://developer.apple.com/documentation/appstoreconnectapi/generating-tokens-for-api-requests",
		Note:   "for a team key; the private key is the .p8 file",
		Source: "document",
		Vars: []Var{
			{
				Name:  "issuer_id",
				Label: "Issuer ID",
			},
			{
				Name:  "key_id",
				Label: "Key ID",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://api.appstoreconnect.apple.com",
		Token: []string{
			"{jwt}",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "ES256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"aud": "appstoreconnect-v1",
				"iss": "{issuer_id}",
			},
			Life: 1140000000000, /* 19m0s */
		},
	}
}

func builtinAuth0() *Spec {
	return &Spec{
		Name:   "auth0",
		Title:  "Auth0 machine to machine",
		Docs:   "https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow/call-your-api-using-the-client-credentials-flow",
		Note:   "the token is for your own API, or for the Management API: give its address with --api",
		Source: "document",
		Vars: []Var{
			{
				Name:  "domain",
				Label: "Domain",
				Is:    "host",
			},
			{
				Name:  "audience",
				Label: "API identifier (audience)",
			},
			{
				Name:     "organization",
				Label:    "Organization",
				Optional: true,
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://{domain}",
		Request: Request{
			Method: "POST",
			Path:   "/oauth/token",
			Form: map[string]string{
				"audience":      "{audience}",
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
				"organization":  "{organization}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinBaiduAip() *Spec {
	return &Spec{
		Name:   "baidu-aip",
		Title:  "Baidu AI open platform (百度 AI)",
		Docs:   "https://ai.baidu.com/ai-doc/REFERENCE/Ck3dwjhhu",
		Source: "client",
		Vars: []Var{
			{
				Name:  "api_key",
				Label: "API Key",
			},
			{
				Name:   "secret_key",
				Label:  "Secret Key",
				Secret: true,
			},
		},
		Endpoint: "https://aip.baidubce.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth/2.0/token",
			Query: map[string]string{
				"client_id":     "{api_key}",
				"client_secret": "{secret_key}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
				"error_code",
			},
			Message: []string{
				"error_description",
				"error_msg",
			},
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
			Refused: []string{
				"110",
				"111",
			},
		},
	}
}

func builtinBaiduPan() *Spec {
	return &Spec{
		Name:   "baidu-pan",
		Title:  "Baidu Netdisk (百度网盘)",
		Docs:   "https://pan.baidu.com/union/doc/",
		Note:   "each answer brings a new refresh token",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "AppKey",
			},
			{
				Name:   "client_secret",
				Label:  "SecretKey",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "refresh_token",
				Secret: true,
			},
		},
		Endpoint: "https://openapi.baidu.com",
		API: []string{
			"https://pan.baidu.com",
		},
		Request: Request{
			Method: "GET",
			Path:   "/oauth/2.0/token",
			Query: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
				"errno",
			},
			Message: []string{
				"error_description",
				"errmsg",
			},
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
			Refused: []string{
				"111",
				"-6",
			},
		},
		Limits: auth.Limits{
			Rotates: true,
		},
		Rotate: map[string]string{
			"refresh_token": "refresh_token",
		},
	}
}

func builtinBkash() *Spec {
	return &Spec{
		Name:   "bkash",
		Title:  "bKash Tokenized Checkout",
		Docs:   "https://developer.bka.sh/docs/token-management-overview",
		Note:   "more than two tokens in an hour block the account for an hour; for the sandbox give --endpoint https://tokenized.sandbox.bka.sh/v1.2.0-beta",
		Source: "catalogue",
		Vars: []Var{
			{
				Name:  "username",
				Label: "username",
			},
			{
				Name:   "password",
				Label:  "password",
				Secret: true,
			},
			{
				Name:  "app_key",
				Label: "app_key",
			},
			{
				Name:   "app_secret",
				Label:  "app_secret",
				Secret: true,
			},
		},
		Endpoint: "https://tokenized.pay.bka.sh/v1.2.0-beta",
		Request: Request{
			Method: "POST",
			Path:   "/tokenized/checkout/token/grant",
			Headers: map[string]string{
				"password": "{password}",
				"username": "{username}",
			},
			JSON: map[string]any{
				"app_key":    "{app_key}",
				"app_secret": "{app_secret}",
			},
		},
		OK: map[string][]string{
			"statusCode": {
				"0000",
				"",
			},
		},
		Token: []string{
			"id_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"statusCode",
				"errorCode",
			},
			Message: []string{
				"statusMessage",
				"errorMessage",
			},
		},
		Codes: map[string]string{
			"2001": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "{token}",
				"X-App-Key":     "{app_key}",
			},
		},
		Limits: auth.Limits{
			Every: 1800000000000, /* 30m0s */
		},
	}
}

func builtinBoxCcg() *Spec {
	return &Spec{
		Name:   "box-ccg",
		Title:  "Box client credentials grant",
		Docs:   "https://developer.box.com/guides/authentication/client-credentials/",
		Source: "document",
		Vars: []Var{
			{
				Name:    "subject_type",
				Label:   "box_subject_type, enterprise or user",
				Default: "enterprise",
			},
			{
				Name:  "subject_id",
				Label: "box_subject_id, the enterprise's or the user's ID",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://api.box.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/token",
			Form: map[string]string{
				"box_subject_id":   "{subject_id}",
				"box_subject_type": "{subject_type}",
				"client_id":        "{client_id}",
				"client_secret":    "{client_secret}",
				"grant_type":       "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinCheckoutCom() *Spec {
	return &Spec{
		Name:   "checkout-com",
		Title:  "Checkout.com",
		Docs:   "https://www.checkout.com/docs/resources/api-authentication/oauth-2-0-client-credentials",
		Note:   "an account with a subdomain of its own gives https://SUBDOMAIN.access.checkout.com and --api to match",
		Source: "document",
		Vars: []Var{
			{
				Name:    "scope",
				Label:   "Scopes",
				Default: "gateway",
			},
			{
				Name:  "client_id",
				Label: "Access key ID",
			},
			{
				Name:   "client_secret",
				Label:  "Access key secret",
				Secret: true,
			},
		},
		Endpoint: "https://access.checkout.com",
		API: []string{
			"https://api.checkout.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/connect/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
				"scope":      "{scope}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinCielo() *Spec {
	return &Spec{
		Name:   "cielo",
		Title:  "Cielo Link de Pagamento",
		Docs:   "https://docs.cielo.com.br/link-en/docs/about-link-de-pagamento",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "ClientId",
			},
			{
				Name:   "client_secret",
				Label:  "ClientSecret",
				Secret: true,
			},
		},
		Endpoint: "https://cieloecommerce.cielo.com.br",
		Request: Request{
			Method: "POST",
			Path:   "/api/public/v2/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinCjdropshipping() *Spec {
	return &Spec{
		Name:   "cjdropshipping",
		Title:  "CJ Dropshipping",
		Docs:   "https://developers.cjdropshipping.cn/en/api/api2/api/auth.html",
		Source: "document",
		Vars: []Var{
			{
				Name:   "api_key",
				Label:  "API Key",
				Secret: true,
			},
		},
		Endpoint: "https://developers.cjdropshipping.com/api2.0",
		Request: Request{
			Method: "POST",
			Path:   "/v1/authentication/getAccessToken",
			JSON: map[string]any{
				"apiKey": "{api_key}",
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
				At: "data.accessTokenExpiryDate",
				As: "rfc3339",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
			Trace: []string{
				"requestId",
			},
		},
		Codes: map[string]string{
			"1600000": "transient",
			"1600001": "denied",
			"1600004": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"CJ-Access-Token": "{token}",
			},
			Refused: []string{
				"1600001",
				"1600030",
			},
		},
		Limits: auth.Limits{
			Every: 300000000000, /* 5m0s */
		},
	}
}

func builtinCoze() *Spec {
	return &Spec{
		Name:   "coze",
		Title:  "Coze (扣子) OAuth JWT app",
		Docs:   "https://www.coze.cn/docs/developer_guides/oauth_jwt",
		Note:   "outside China give the host api.coze.com",
		Source: "client",
		Vars: []Var{
			{
				Name:  "app_id",
				Label: "OAuth app ID",
			},
			{
				Name:    "host",
				Label:   "API host, api.coze.cn or api.coze.com",
				Is:      "host",
				Default: "api.coze.cn",
			},
			{
				Name:  "key_id",
				Label: "Public key fingerprint",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://{host}",
		Request: Request{
			Method: "POST",
			Path:   "/api/permission/oauth2/token",
			Headers: map[string]string{
				"Authorization": "Bearer {jwt}",
			},
			JSON: map[string]any{
				"duration_seconds": int64(86399),
				"grant_type":       "urn:ietf:params:oauth:grant-type:jwt-bearer",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "epoch_s",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error_code",
				"error",
				"code",
			},
			Message: []string{
				"error_message",
				"error_description",
				"msg",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"aud": "{host}",
				"iss": "{app_id}",
			},
			Life: 3600000000000, /* 1h0m0s */
			JTI:  true,
		},
	}
}

func builtinDatabricks() *Spec {
	return &Spec{
		Name:   "databricks",
		Title:  "Databricks",
		Docs:   "https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m",
		Source: "document",
		Vars: []Var{
			{
				Name:  "host",
				Label: "Workspace instance name",
				Is:    "host",
			},
			{
				Name:    "scope",
				Label:   "Scope",
				Default: "all-apis",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "OAuth secret",
				Secret: true,
			},
		},
		Endpoint: "https://{host}",
		Request: Request{
			Method: "POST",
			Path:   "/oidc/v1/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
				"scope":      "{scope}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinDhlParcelDe() *Spec {
	return &Spec{
		Name:   "dhl-parcel-de",
		Title:  "DHL Parcel DE",
		Docs:   "https://developer.dhl.com/api-reference/authentication-api-post-parcel-germany",
		Note:   "for the sandbox give --endpoint https://api-sandbox.dhl.com",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "API Key",
			},
			{
				Name:   "client_secret",
				Label:  "API Secret",
				Secret: true,
			},
			{
				Name:  "username",
				Label: "GKP user name",
			},
			{
				Name:   "password",
				Label:  "GKP password",
				Secret: true,
			},
		},
		Endpoint: "https://api-eu.dhl.com",
		Request: Request{
			Method: "POST",
			Path:   "/parcel/de/account/auth/ropc/v1/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "password",
				"password":      "{password}",
				"username":      "{username}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinDingtalk() *Spec {
	return &Spec{
		Name:   "dingtalk",
		Title:  "DingTalk (钉钉) internal app",
		Docs:   "https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app",
		Note:   "the same token comes again until it expires",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_key",
				Label: "Client ID (AppKey)",
			},
			{
				Name:   "app_secret",
				Label:  "Client Secret (AppSecret)",
				Secret: true,
			},
		},
		Endpoint: "https://api.dingtalk.com",
		Request: Request{
			Method: "POST",
			Path:   "/v1.0/oauth2/accessToken",
			JSON: map[string]any{
				"appKey":    "{app_key}",
				"appSecret": "{app_secret}",
			},
		},
		Token: []string{
			"accessToken",
		},
		Expires: []Expiry{
			{
				At: "expireIn",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
			Trace: []string{
				"requestid",
			},
		},
		Codes: map[string]string{
			"invalidClientIdOrSecret": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"x-acs-dingtalk-access-token": "{token}",
			},
		},
	}
}

func builtinDockerHub() *Spec {
	return &Spec{
		Name:   "docker-hub",
		Title:  "Docker Hub API",
		Docs:   "https://docs.docker.com/reference/api/hub/latest/",
		Note:   "for docker pull and push use the provider registry",
		Source: "document",
		Vars: []Var{
			{
				Name:  "identifier",
				Label: "User or organization name",
			},
			{
				Name:   "secret",
				Label:  "Access token or password",
				Secret: true,
			},
		},
		Endpoint: "https://hub.docker.com",
		Request: Request{
			Method: "POST",
			Path:   "/v2/auth/token",
			JSON: map[string]any{
				"identifier": "{identifier}",
				"secret":     "{secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				As: "jwt",
			},
		},
		Error: ErrorPaths{
			Message: []string{
				"detail",
				"message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinDouyin() *Spec {
	return &Spec{
		Name:   "douyin",
		Title:  "Douyin (抖音) open platform",
		Docs:   "https://developer.open-douyin.com/docs/resource/zh-CN/local-life/develop/preparation/client_token",
		Note:   "only the two newest tokens live; a test system with the same key ends the tokens of the live one",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_key",
				Label: "client_key (AppID)",
			},
			{
				Name:   "client_secret",
				Label:  "client_secret (AppSecret)",
				Secret: true,
			},
		},
		Endpoint: "https://open.douyin.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth/client_token/",
			JSON: map[string]any{
				"client_key":    "{client_key}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credential",
			},
		},
		OK: map[string][]string{
			"data.error_code": {
				"0",
			},
		},
		Token: []string{
			"data.access_token",
		},
		Expires: []Expiry{
			{
				At: "data.expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"data.error_code",
			},
			Message: []string{
				"data.description",
				"message",
			},
		},
		Codes: map[string]string{
			"10003":    "denied",
			"10013":    "denied",
			"10020":    "throttled",
			"2100004":  "transient",
			"28001005": "transient",
		},
		Use: Use{
			Headers: map[string]string{
				"access-token": "{token}",
			},
		},
		Limits: auth.Limits{
			Live: 2,
		},
	}
}

func builtinDropbox() *Spec {
	return &Spec{
		Name:   "dropbox",
		Title:  "Dropbox refresh token",
		Docs:   "https://www.dropbox.com/developers/documentation/http/documentation",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "App key",
			},
			{
				Name:   "client_secret",
				Label:  "App secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://api.dropboxapi.com",
		API: []string{
			"https://api.dropboxapi.com",
			"https://content.dropboxapi.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		Rotate: map[string]string{},
	}
}

func builtinEbayApp() *Spec {
	return &Spec{
		Name:   "ebay-app",
		Title:  "eBay application token",
		Docs:   "https://developer.ebay.com/api-docs/static/oauth-client-credentials-grant.html",
		Note:   "for the sandbox give --endpoint https://api.sandbox.ebay.com; 1,000 tokens a day",
		Source: "document",
		Vars: []Var{
			{
				Name:    "scope",
				Label:   "Scopes",
				Default: "https://api.ebay.com/oauth/api_scope",
			},
			{
				Name:  "client_id",
				Label: "App ID (Client ID)",
			},
			{
				Name:   "client_secret",
				Label:  "Cert ID (Client Secret)",
				Secret: true,
			},
		},
		Endpoint: "https://api.ebay.com",
		Request: Request{
			Method: "POST",
			Path:   "/identity/v1/oauth2/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
				"scope":      "{scope}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinEntra() *Spec {
	return &Spec{
		Name:   "entra",
		Title:  "Microsoft Entra ID",
		Docs:   "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
		Source: "document",
		Vars: []Var{
			{
				Name:  "tenant",
				Label: "Directory (tenant) ID",
				Is:    "segment",
			},
			{
				Name:  "client_id",
				Label: "Application (client) ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
			{
				Name:    "scope",
				Label:   "Scope",
				Default: "https://graph.microsoft.com/.default",
			},
		},
		Endpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0",
		API: []string{
			"https://graph.microsoft.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
				"scope":         "{scope}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
			},
			Message: []string{
				"error_description",
			},
			Trace: []string{
				"trace_id",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinEntraCert() *Spec {
	return &Spec{
		Name:   "entra-cert",
		Title:  "Microsoft Entra ID (certificate)",
		Docs:   "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
		Note:   "the thumbprint is the base64url of the certificate's SHA-256, not the SHA-1 that the portal shows",
		Source: "document",
		Vars: []Var{
			{
				Name:  "tenant",
				Label: "Directory (tenant) ID",
				Is:    "segment",
			},
			{
				Name:  "client_id",
				Label: "Application (client) ID",
			},
			{
				Name:    "scope",
				Label:   "Scope",
				Default: "https://graph.microsoft.com/.default",
			},
			{
				Name:  "thumbprint",
				Label: "Thumbprint (x5t#S256)",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0",
		API: []string{
			"https://graph.microsoft.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/token",
			Form: map[string]string{
				"client_assertion":      "{jwt}",
				"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
				"client_id":             "{client_id}",
				"grant_type":            "client_credentials",
				"scope":                 "{scope}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
			},
			Message: []string{
				"error_description",
			},
			Trace: []string{
				"trace_id",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "PS256",
			Key: "private_key",
			Header: map[string]any{
				"x5t#S256": "{thumbprint}",
			},
			Claims: map[string]any{
				"aud": "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
				"iss": "{client_id}",
				"sub": "{client_id}",
			},
			Life: 300000000000, /* 5m0s */
			JTI:  true,
			NBF:  true,
		},
	}
}

func builtinEzviz() *Spec {
	return &Spec{
		Name:   "ezviz",
		Title:  "EZVIZ open platform (萤石)",
		Docs:   "https://open.ys7.com/doc/zh/book/index/user.html",
		Source: "client",
		Vars: []Var{
			{
				Name:  "app_key",
				Label: "appKey",
			},
			{
				Name:   "app_secret",
				Label:  "appSecret",
				Secret: true,
			},
		},
		Endpoint: "https://open.ys7.com",
		Request: Request{
			Method: "POST",
			Path:   "/api/lapp/token/get",
			Form: map[string]string{
				"appKey":    "{app_key}",
				"appSecret": "{app_secret}",
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
				At: "data.expireTime",
				As: "epoch_ms",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"msg",
			},
		},
		Codes: map[string]string{
			"10017": "denied",
			"10030": "denied",
		},
		Use: Use{
			Form: map[string]string{
				"accessToken": "{token}",
			},
			Refused: []string{
				"10002",
			},
		},
	}
}

func builtinFedex() *Spec {
	return &Spec{
		Name:   "fedex",
		Title:  "FedEx APIs",
		Docs:   "https://developer.fedex.com/api/en-us/catalog/authorization/docs.html",
		Note:   "for test keys give --endpoint https://apis-sandbox.fedex.com",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "API Key",
			},
			{
				Name:   "client_secret",
				Label:  "Secret Key",
				Secret: true,
			},
			{
				Name:    "grant_type",
				Label:   "Grant type",
				Default: "client_credentials",
			},
			{
				Name:     "child_key",
				Label:    "Child Key (Customer Key)",
				Optional: true,
			},
			{
				Name:     "child_secret",
				Label:    "Child Secret (Customer Password)",
				Secret:   true,
				Optional: true,
			},
		},
		Endpoint: "https://apis.fedex.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth/token",
			Form: map[string]string{
				"child_Key":     "{child_key}",
				"child_secret":  "{child_secret}",
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "{grant_type}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errors.0.code",
			},
			Message: []string{
				"errors.0.message",
			},
			Trace: []string{
				"transactionId",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinFeishu() *Spec {
	return &Spec{
		Name:   "feishu",
		Title:  "Feishu (飞书) internal app",
		Docs:   "https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal",
		Note:   "the same token comes again while 30 minutes or more are left; for Lark give --endpoint https://open.larksuite.com",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_id",
				Label: "App ID",
			},
			{
				Name:   "app_secret",
				Label:  "App Secret",
				Secret: true,
			},
		},
		Endpoint: "https://open.feishu.cn",
		Request: Request{
			Method: "POST",
			Path:   "/open-apis/auth/v3/tenant_access_token/internal",
			JSON: map[string]any{
				"app_id":     "{app_id}",
				"app_secret": "{app_secret}",
			},
		},
		OK: map[string][]string{
			"code": {
				"0",
			},
		},
		Token: []string{
			"tenant_access_token",
		},
		Expires: []Expiry{
			{
				At: "expire",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"msg",
			},
		},
		Codes: map[string]string{
			"10014": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
			Refused: []string{
				"99991663",
				"99991664",
				"99991671",
			},
		},
	}
}

func builtinFitbit() *Spec {
	return &Spec{
		Name:   "fitbit",
		Title:  "Fitbit Web API",
		Docs:   "https://dev.fitbit.com/build/reference/web-api/authorization/refresh-token/",
		Note:   "each answer brings a new refresh token; the old one is dead from then on",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://api.fitbit.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/token",
			Form: map[string]string{
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errors.0.errorType",
			},
			Message: []string{
				"errors.0.message",
			},
		},
		Codes: map[string]string{
			"invalid_token": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		Limits: auth.Limits{
			Rotates: true,
		},
		Rotate: map[string]string{
			"refresh_token": "refresh_token",
		},
	}
}

func builtinGetui() *Spec {
	return &Spec{
		Name:   "getui",
		Title:  "Getui (个推) push",
		Docs:   "https://docs.getui.com/getui/server/rest_v2/token/",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_id",
				Label: "AppID",
				Is:    "segment",
			},
			{
				Name:  "app_key",
				Label: "AppKey",
			},
			{
				Name:   "master_secret",
				Label:  "MasterSecret",
				Secret: true,
			},
		},
		Endpoint: "https://restapi.getui.com/v2/{app_id}",
		Request: Request{
			Method: "POST",
			Path:   "/auth",
			JSON: map[string]any{
				"appkey":    "{app_key}",
				"sign":      "{sign}",
				"timestamp": "{now_ms}",
			},
			AsText: []string{
				"timestamp",
			},
		},
		OK: map[string][]string{
			"code": {
				"0",
			},
		},
		Token: []string{
			"data.token",
		},
		Expires: []Expiry{
			{
				At: "data.expire_time",
				As: "epoch_ms",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"msg",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"token": "{token}",
			},
			Refused: []string{
				"10001",
			},
		},
		Sign: Sign{
			Alg: "sha256",
			Over: []string{
				"{app_key}",
				"{now_ms}",
				"{master_secret}",
			},
			As: "hex",
		},
	}
}

func builtinGithubApp() *Spec {
	return &Spec{
		Name:   "github-app",
		Title:  "GitHub App",
		Docs:   "https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID or App ID",
			},
			{
				Name:  "installation_id",
				Label: "Installation ID",
				Is:    "segment",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://api.github.com",
		Request: Request{
			Method: "POST",
			Path:   "/app/installations/{installation_id}/access_tokens",
			Headers: map[string]string{
				"Accept":        "application/vnd.github+json",
				"Authorization": "Bearer {jwt}",
			},
		},
		Token: []string{
			"token",
		},
		Expires: []Expiry{
			{
				At: "expires_at",
				As: "rfc3339",
			},
		},
		Error: ErrorPaths{
			Message: []string{
				"message",
			},
			Trace: []string{
				"header:X-GitHub-Request-Id",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Claims: map[string]any{
				"iss": "{client_id}",
			},
			Life: 540000000000, /* 9m0s */
		},
	}
}

func builtinGoogleRefresh() *Spec {
	return &Spec{
		Name:   "google-refresh",
		Title:  "Google refresh token",
		Docs:   "https://developers.google.com/identity/protocols/oauth2/web-server",
		Note:   "give the API that you call with --api",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://oauth2.googleapis.com",
		API: []string{
			"https://www.googleapis.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		Rotate: map[string]string{},
	}
}

func builtinGoogleSa() *Spec {
	return &Spec{
		Name:   "google-sa",
		Title:  "Google service account",
		Docs:   "https://developers.google.com/identity/protocols/oauth2/service-account",
		Note:   "client_email and private_key are in the key file; give the API that you call with --api",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_email",
				Label: "client_email",
			},
			{
				Name:    "scope",
				Label:   "Scopes",
				Default: "https://www.googleapis.com/auth/cloud-platform",
			},
			{
				Name:     "subject",
				Label:    "User to act for",
				Optional: true,
			},
			{
				Name:   "private_key",
				Label:  "private_key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://oauth2.googleapis.com",
		API: []string{
			"https://www.googleapis.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/token",
			Form: map[string]string{
				"assertion":  "{jwt}",
				"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Claims: map[string]any{
				"aud":   "https://oauth2.googleapis.com/token",
				"iss":   "{client_email}",
				"scope": "{scope}",
				"sub":   "{subject}",
			},
			Life: 3600000000000, /* 1h0m0s */
		},
	}
}

func builtinHmsServiceAccount() *Spec {
	return &Spec{
		Name:   "hms-service-account",
		Title:  "Huawei Push Kit service account",
		Docs:   "https://developer.huawei.com/consumer/en/doc/doccenter-capabilities/push-jwt-token",
		Note:   "sub_account, key_id and private_key are in the key file",
		Source: "document",
		Vars: []Var{
			{
				Name:  "sub_account",
				Label: "sub_account",
			},
			{
				Name:  "key_id",
				Label: "key_id",
			},
			{
				Name:   "private_key",
				Label:  "private_key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://push-api.cloud.huawei.com",
		Token: []string{
			"{jwt}",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "PS256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"aud": "https://oauth-login.cloud.huawei.com/oauth2/v3/token",
				"iss": "{sub_account}",
			},
			Life: 3600000000000, /* 1h0m0s */
		},
	}
}

func builtinHuaweiIam() *Spec {
	return &Spec{
		Name:   "huawei-iam",
		Title:  "Huawei Cloud IAM",
		Docs:   "https://support.huaweicloud.com/api-iam/iam_30_0001.html",
		Note:   "give the service that you call with --api; the token is large (up to 32 kB)",
		Source: "document",
		Vars: []Var{
			{
				Name:  "user",
				Label: "IAM user name",
			},
			{
				Name:  "domain",
				Label: "Account name (domain)",
			},
			{
				Name:   "password",
				Label:  "IAM user password",
				Secret: true,
			},
			{
				Name:  "project",
				Label: "Project name",
			},
		},
		Endpoint: "https://iam.myhuaweicloud.com",
		Request: Request{
			Method: "POST",
			Path:   "/v3/auth/tokens",
			JSON: map[string]any{
				"auth": map[string]any{
					"identity": map[string]any{
						"methods": []any{
							"password",
						},
						"password": map[string]any{
							"user": map[string]any{
								"domain": map[string]any{
									"name": "{domain}",
								},
								"name":     "{user}",
								"password": "{password}",
							},
						},
					},
					"scope": map[string]any{
						"project": map[string]any{
							"name": "{project}",
						},
					},
				},
			},
			Query: map[string]string{
				"nocatalog": "true",
			},
		},
		Token: []string{
			"header:X-Subject-Token",
		},
		Expires: []Expiry{
			{
				At: "token.expires_at",
				As: "rfc3339",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error_code",
				"error.code",
			},
			Message: []string{
				"error_msg",
				"error.message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"X-Auth-Token": "{token}",
			},
		},
	}
}

func builtinHuaweiPush() *Spec {
	return &Spec{
		Name:   "huawei-push",
		Title:  "Huawei Push Kit",
		Docs:   "https://developer.huawei.com/consumer/en/doc/HMSCore-Guides/open-platform-oauth-0000001053629189",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "App ID",
			},
			{
				Name:   "client_secret",
				Label:  "App secret",
				Secret: true,
			},
		},
		Endpoint: "https://oauth-login.cloud.huawei.com",
		API: []string{
			"https://push-api.cloud.huawei.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/v3/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"sub_error",
				"error",
			},
			Message: []string{
				"error_description",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinIbmIam() *Spec {
	return &Spec{
		Name:   "ibm-iam",
		Title:  "IBM Cloud IAM",
		Docs:   "https://cloud.ibm.com/docs/iam?topic=iam-iamtoken_from_apikey",
		Note:   "give the service that you call with --api",
		Source: "document",
		Vars: []Var{
			{
				Name:   "apikey",
				Label:  "API key",
				Secret: true,
			},
		},
		Endpoint: "https://iam.cloud.ibm.com",
		Request: Request{
			Method: "POST",
			Path:   "/identity/token",
			Form: map[string]string{
				"apikey":     "{apikey}",
				"grant_type": "urn:ibm:params:oauth:grant-type:apikey",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errorCode",
			},
			Message: []string{
				"errorMessage",
			},
			Trace: []string{
				"context.requestId",
			},
		},
		Codes: map[string]string{
			"BXNIM0415E": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinJamf() *Spec {
	return &Spec{
		Name:   "jamf",
		Title:  "Jamf Pro API client",
		Docs:   "https://developer.jamf.com/jamf-pro/docs/client-credentials",
		Note:   "the token's life is set on the API client and may be as short as a minute",
		Source: "client",
		Vars: []Var{
			{
				Name:  "server",
				Label: "Jamf Pro server, such as example.jamfcloud.com",
				Is:    "host",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://{server}",
		Request: Request{
			Method: "POST",
			Path:   "/api/v1/oauth/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinKeycloak() *Spec {
	return &Spec{
		Name:   "keycloak",
		Title:  "Keycloak",
		Docs:   "https://www.keycloak.org/docs/latest/server_admin/#_service_accounts",
		Note:   "the endpoint is the realm: https://HOST/realms/REALM; the token is for your own API: give its address with --api",
		Source: "document",
		Vars: []Var{
			{
				Name:     "scope",
				Label:    "Scope",
				Optional: true,
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Request: Request{
			Method: "POST",
			Path:   "/protocol/openid-connect/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
				"scope":      "{scope}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinKeystone() *Spec {
	return &Spec{
		Name:   "keystone",
		Title:  "OpenStack Keystone",
		Docs:   "https://docs.openstack.org/api-ref/identity/v3/",
		Note:   "the endpoint is the auth URL before /v3; give the service that you call with --api",
		Source: "document",
		Vars: []Var{
			{
				Name:  "id",
				Label: "Application credential ID",
			},
			{
				Name:   "secret",
				Label:  "Application credential secret",
				Secret: true,
			},
		},
		Request: Request{
			Method: "POST",
			Path:   "/v3/auth/tokens",
			JSON: map[string]any{
				"auth": map[string]any{
					"identity": map[string]any{
						"application_credential": map[string]any{
							"id":     "{id}",
							"secret": "{secret}",
						},
						"methods": []any{
							"application_credential",
						},
					},
				},
			},
		},
		Token: []string{
			"header:X-Subject-Token",
		},
		Expires: []Expiry{
			{
				At: "token.expires_at",
				As: "rfc3339",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error.code",
			},
			Message: []string{
				"error.message",
			},
			Trace: []string{
				"header:X-Openstack-Request-Id",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"X-Auth-Token": "{token}",
			},
		},
	}
}

func builtinKling() *Spec {
	return &Spec{
		Name:   "kling",
		Title:  "Kling AI (可灵)",
		Docs:   "https://app.klingai.com/global/dev/document-api/apiReference/commonInfo",
		Note:   "keys of the two regions are not interchangeable: outside China give --endpoint https://api-singapore.klingai.com",
		Source: "client",
		Vars: []Var{
			{
				Name:  "access_key",
				Label: "Access Key",
			},
			{
				Name:   "secret_key",
				Label:  "Secret Key",
				Secret: true,
			},
		},
		Endpoint: "https://api-beijing.klingai.com",
		Token: []string{
			"{jwt}",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "HS256",
			Key: "secret_key",
			Claims: map[string]any{
				"iss": "{access_key}",
			},
			Life: 1800000000000, /* 30m0s */
			NBF:  true,
		},
	}
}

func builtinMagento() *Spec {
	return &Spec{
		Name:   "magento",
		Title:  "Adobe Commerce and Magento Open Source",
		Docs:   "https://developer.adobe.com/commerce/webapi/get-started/authentication/gs-authentication-token/",
		Note:   "not for accounts with two-factor authentication; the endpoint is the shop's address before /rest",
		Source: "document",
		Vars: []Var{
			{
				Name:  "username",
				Label: "Admin user name",
			},
			{
				Name:   "password",
				Label:  "Password",
				Secret: true,
			},
		},
		Request: Request{
			Method: "POST",
			Path:   "/rest/V1/integration/admin/token",
			JSON: map[string]any{
				"password": "{password}",
				"username": "{username}",
			},
		},
		Token: []string{
			".",
		},
		Expires: []Expiry{
			{
				As: "jwt",
			},
			{
				After: 14400000000000, /* 4h0m0s */
			},
		},
		Error: ErrorPaths{
			Message: []string{
				"message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinMarketo() *Spec {
	return &Spec{
		Name:   "marketo",
		Title:  "Adobe Marketo Engage",
		Docs:   "https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/authentication",
		Note:   "the same token comes again until it expires",
		Source: "document",
		Vars: []Var{
			{
				Name:  "instance",
				Label: "Host of the REST endpoint, such as 123-ABC-456.mktorest.com",
				Is:    "host",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://{instance}",
		Request: Request{
			Method: "GET",
			Path:   "/identity/oauth/token",
			Query: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
				"errors.0.code",
			},
			Message: []string{
				"error_description",
				"errors.0.message",
			},
			Trace: []string{
				"requestId",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
			Refused: []string{
				"601",
				"602",
			},
		},
	}
}

func builtinMpesa() *Spec {
	return &Spec{
		Name:   "mpesa",
		Title:  "M-Pesa Daraja",
		Docs:   "https://developer.safaricom.co.ke/apis/Authorization",
		Note:   "for the sandbox give --endpoint https://sandbox.safaricom.co.ke",
		Source: "document",
		Vars: []Var{
			{
				Name:  "consumer_key",
				Label: "Consumer Key",
			},
			{
				Name:   "consumer_secret",
				Label:  "Consumer Secret",
				Secret: true,
			},
		},
		Endpoint: "https://api.safaricom.co.ke",
		Request: Request{
			Method: "GET",
			Path:   "/oauth/v1/generate",
			Query: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{consumer_key}",
				"{consumer_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errorCode",
			},
			Message: []string{
				"errorMessage",
			},
			Trace: []string{
				"requestId",
			},
		},
		Codes: map[string]string{
			"400.008.01": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinNacos() *Spec {
	return &Spec{
		Name:   "nacos",
		Title:  "Nacos",
		Docs:   "https://nacos.io/docs/latest/guide/user/auth/",
		Note:   "with the server's token cache on, the same token comes again until 90 % of its life are over",
		Source: "document",
		Vars: []Var{
			{
				Name:  "username",
				Label: "Username",
			},
			{
				Name:   "password",
				Label:  "Password",
				Secret: true,
			},
		},
		Request: Request{
			Method: "POST",
			Path:   "/v1/auth/login",
			Form: map[string]string{
				"password": "{password}",
				"username": "{username}",
			},
		},
		Token: []string{
			"accessToken",
		},
		Expires: []Expiry{
			{
				At: "tokenTtl",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
				"status",
			},
			Message: []string{
				"message",
			},
		},
		Use: Use{
			Query: map[string]string{
				"accessToken": "{token}",
			},
		},
	}
}

func builtinNetsuite() *Spec {
	return &Spec{
		Name:   "netsuite",
		Title:  "Oracle NetSuite (client credentials)",
		Docs:   "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162755359851.html",
		Note:   "the account as in the SuiteTalk URL: 1234567-sb1, not 1234567_SB1",
		Source: "document",
		Vars: []Var{
			{
				Name:  "account",
				Label: "Account ID",
				Is:    "label",
			},
			{
				Name:    "scope",
				Label:   "Scopes, divided by commas",
				Default: "rest_webservices",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:  "certificate_id",
				Label: "Certificate ID",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://{account}.suitetalk.api.netsuite.com",
		Request: Request{
			Method: "POST",
			Path:   "/services/rest/auth/oauth2/v1/token",
			Form: map[string]string{
				"client_assertion":      "{jwt}",
				"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
				"grant_type":            "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "PS256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{certificate_id}",
			},
			Claims: map[string]any{
				"aud":   "https://{account}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
				"iss":   "{client_id}",
				"scope": "{scope}",
			},
			Life: 600000000000, /* 10m0s */
		},
	}
}

func builtinOkta() *Spec {
	return &Spec{
		Name:   "okta",
		Title:  "Okta authorization server",
		Docs:   "https://developer.okta.com/docs/guides/implement-grant-type/clientcreds/main/",
		Note:   "the token is for your own API: give its address with --api; for Okta's own API use the provider okta-org",
		Source: "document",
		Vars: []Var{
			{
				Name:  "domain",
				Label: "Okta domain",
				Is:    "host",
			},
			{
				Name:    "server",
				Label:   "Authorization server ID",
				Is:      "segment",
				Default: "default",
			},
			{
				Name:  "scope",
				Label: "Scope",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://{domain}/oauth2/{server}",
		Request: Request{
			Method: "POST",
			Path:   "/v1/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
				"scope":      "{scope}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinOktaOrg() *Spec {
	return &Spec{
		Name:   "okta-org",
		Title:  "Okta API service app",
		Docs:   "https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/",
		Note:   "the private key must be PEM; the admin console offers JWK as well",
		Source: "document",
		Vars: []Var{
			{
				Name:  "domain",
				Label: "Okta domain",
				Is:    "host",
			},
			{
				Name:  "scope",
				Label: "Scopes",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:  "key_id",
				Label: "Key ID (kid)",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://{domain}",
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/v1/token",
			Form: map[string]string{
				"client_assertion":      "{jwt}",
				"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
				"grant_type":            "client_credentials",
				"scope":                 "{scope}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"aud": "https://{domain}/oauth2/v1/token",
				"iss": "{client_id}",
				"sub": "{client_id}",
			},
			Life: 300000000000, /* 5m0s */
			JTI:  true,
		},
	}
}

func builtinOnelogin() *Spec {
	return &Spec{
		Name:   "onelogin",
		Title:  "OneLogin",
		Docs:   "https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2",
		Source: "client",
		Vars: []Var{
			{
				Name:  "subdomain",
				Label: "Subdomain",
				Is:    "label",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://{subdomain}.onelogin.com",
		Request: Request{
			Method: "POST",
			Path:   "/auth/oauth2/v2/token",
			JSON: map[string]any{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"statusCode",
				"status.code",
			},
			Message: []string{
				"message",
				"status.message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinPaypal() *Spec {
	return &Spec{
		Name:   "paypal",
		Title:  "PayPal REST APIs",
		Docs:   "https://developer.paypal.com/api/rest/authentication/",
		Note:   "for the sandbox give --endpoint https://api-m.sandbox.paypal.com",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Secret",
				Secret: true,
			},
		},
		Endpoint: "https://api-m.paypal.com",
		Request: Request{
			Method: "POST",
			Path:   "/v1/oauth2/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinPhonepe() *Spec {
	return &Spec{
		Name:   "phonepe",
		Title:  "PhonePe Payment Gateway",
		Docs:   "https://developer.phonepe.com/payment-gateway/website-integration/standard-checkout/api-integration/api-reference/authorization",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:  "client_version",
				Label: "Client version",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://api.phonepe.com/apis/identity-manager",
		API: []string{
			"https://api.phonepe.com/apis/pg",
		},
		Request: Request{
			Method: "POST",
			Path:   "/v1/oauth/token",
			Form: map[string]string{
				"client_id":      "{client_id}",
				"client_secret":  "{client_secret}",
				"client_version": "{client_version}",
				"grant_type":     "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_at",
				As: "epoch_s",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "O-Bearer {token}",
			},
		},
	}
}

func builtinPingone() *Spec {
	return &Spec{
		Name:   "pingone",
		Title:  "PingOne",
		Docs:   "https://apidocs.pingidentity.com/pingone/platform/v1/api/",
		Source: "client",
		Vars: []Var{
			{
				Name:    "domain",
				Label:   "Region's domain, such as pingone.com or pingone.eu",
				Is:      "host",
				Default: "pingone.com",
			},
			{
				Name:  "environment_id",
				Label: "Environment ID",
				Is:    "segment",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://auth.{domain}/{environment_id}",
		API: []string{
			"https://api.{domain}",
		},
		Request: Request{
			Method: "POST",
			Path:   "/as/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinQqbot() *Spec {
	return &Spec{
		Name:   "qqbot",
		Title:  "QQ bot (QQ 机器人)",
		Docs:   "https://bot.q.qq.com/wiki/develop/api-v2/dev-prepare/interface-framework/api-use.html",
		Note:   "the same token comes again until a minute before its end",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_id",
				Label: "AppID",
			},
			{
				Name:   "client_secret",
				Label:  "AppSecret",
				Secret: true,
			},
		},
		Endpoint: "https://bots.qq.com",
		API: []string{
			"https://api.sgroup.qq.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/app/getAppAccessToken",
			JSON: map[string]any{
				"appId":        "{app_id}",
				"clientSecret": "{client_secret}",
			},
		},
		OK: map[string][]string{
			"code": {
				"0",
				"",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "QQBot {token}",
			},
		},
	}
}

func builtinRedditApp() *Spec {
	return &Spec{
		Name:   "reddit-app",
		Title:  "Reddit application-only",
		Docs:   "https://github.com/reddit-archive/reddit/wiki/OAuth2",
		Note:   "a User-Agent of your own is wanted, such as linux:org.example.app:v1 (by /u/name)",
		Source: "client",
		Vars: []Var{
			{
				Name:  "user_agent",
				Label: "User-Agent",
			},
			{
				Name:  "client_id",
				Label: "App ID",
			},
			{
				Name:   "client_secret",
				Label:  "Secret",
				Secret: true,
			},
		},
		Endpoint: "https://www.reddit.com",
		API: []string{
			"https://oauth.reddit.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/api/v1/access_token",
			Headers: map[string]string{
				"User-Agent": "{user_agent}",
			},
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
				"User-Agent":    "{user_agent}",
			},
		},
	}
}

func builtinRegistry() *Spec {
	return &Spec{
		Name:   "registry",
		Title:  "Container registry",
		Docs:   "https://distribution.github.io/distribution/spec/auth/token/",
		Note:   "for another registry give --endpoint the realm of its WWW-Authenticate header, and --api the registry",
		Source: "document",
		Vars: []Var{
			{
				Name:  "username",
				Label: "Username",
			},
			{
				Name:   "password",
				Label:  "Password or access token",
				Secret: true,
			},
			{
				Name:    "service",
				Label:   "Service",
				Default: "registry.docker.io",
			},
			{
				Name:  "scope",
				Label: "Scope, such as repository:team/app:pull",
			},
		},
		Endpoint: "https://auth.docker.io/token",
		API: []string{
			"https://registry-1.docker.io",
		},
		Request: Request{
			Method: "GET",
			Query: map[string]string{
				"scope":   "{scope}",
				"service": "{service}",
			},
			Basic: []string{
				"{username}",
				"{password}",
			},
		},
		Token: []string{
			"token",
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
			{
				After: 60000000000, /* 1m0s */
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errors.0.code",
			},
			Message: []string{
				"errors.0.message",
				"details",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinSalesforceCc() *Spec {
	return &Spec{
		Name:   "salesforce-cc",
		Title:  "Salesforce client credentials",
		Docs:   "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm",
		Note:   "the life is that of the org's sessions: the answer does not tell it",
		Source: "catalogue",
		Vars: []Var{
			{
				Name:  "domain",
				Label: "My Domain, such as example.my.salesforce.com",
				Is:    "host",
			},
			{
				Name:  "client_id",
				Label: "Consumer Key",
			},
			{
				Name:   "client_secret",
				Label:  "Consumer Secret",
				Secret: true,
			},
		},
		Endpoint: "https://{domain}",
		API: []string{
			"{instance_url}",
		},
		Request: Request{
			Method: "POST",
			Path:   "/services/oauth2/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				After: 900000000000, /* 15m0s */
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		Keep: map[string]string{
			"instance_url": "instance_url",
		},
	}
}

func builtinSalesforceJwt() *Spec {
	return &Spec{
		Name:   "salesforce-jwt",
		Title:  "Salesforce JWT bearer",
		Docs:   "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm",
		Note:   "for a sandbox give the host test.salesforce.com; the life is that of the org's sessions: the answer does not tell it",
		Source: "client",
		Vars: []Var{
			{
				Name:    "login_host",
				Label:   "Login host, or My Domain",
				Is:      "host",
				Default: "login.salesforce.com",
			},
			{
				Name:  "client_id",
				Label: "Consumer Key",
			},
			{
				Name:  "username",
				Label: "User name",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://{login_host}",
		API: []string{
			"{instance_url}",
		},
		Request: Request{
			Method: "POST",
			Path:   "/services/oauth2/token",
			Form: map[string]string{
				"assertion":  "{jwt}",
				"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				After: 900000000000, /* 15m0s */
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Claims: map[string]any{
				"aud": "https://{login_host}",
				"iss": "{client_id}",
				"sub": "{username}",
			},
			Life: 180000000000, /* 3m0s */
		},
		Keep: map[string]string{
			"instance_url": "instance_url",
		},
	}
}

func builtinSapAriba() *Spec {
	return &Spec{
		Name:   "sap-ariba",
		Title:  "SAP Ariba APIs",
		Docs:   "https://help.sap.com/docs/ARIBA_APIS/b61dd8c7e22c4fe489f191f66b4c48d6/99ef1f190ff647df8cffd681264c24d0.html",
		Note:   "for Europe give --endpoint https://api-eu.ariba.com --api https://openapi-eu.ariba.com/api",
		Source: "catalogue",
		Vars: []Var{
			{
				Name:  "api_key",
				Label: "Application key",
			},
			{
				Name:  "client_id",
				Label: "OAuth client ID",
			},
			{
				Name:   "client_secret",
				Label:  "OAuth secret",
				Secret: true,
			},
		},
		Endpoint: "https://api.ariba.com",
		API: []string{
			"https://openapi.ariba.com/api",
		},
		Request: Request{
			Method: "POST",
			Path:   "/v2/oauth/token",
			Form: map[string]string{
				"grant_type": "openapi_2lo",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
				"apiKey":        "{api_key}",
			},
		},
	}
}

func builtinSapConcur() *Spec {
	return &Spec{
		Name:   "sap-concur",
		Title:  "SAP Concur",
		Docs:   "https://developer.concur.com/api-reference/authentication/apidoc.html",
		Source: "document",
		Vars: []Var{
			{
				Name:    "datacenter",
				Label:   "Data center, such as us, us2, eu, eu2 or cn",
				Is:      "label",
				Default: "us",
			},
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
		Endpoint: "https://{datacenter}.api.concursolutions.com",
		API: []string{
			"{geolocation}",
		},
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/v0/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		Keep: map[string]string{
			"geolocation": "geolocation",
		},
	}
}

func builtinServicenow() *Spec {
	return &Spec{
		Name:   "servicenow",
		Title:  "ServiceNow client credentials",
		Docs:   "https://www.servicenow.com/docs/",
		Source: "document",
		Vars: []Var{
			{
				Name:  "instance",
				Label: "Instance, the part before .service-now.com",
				Is:    "label",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://{instance}.service-now.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth_token.do",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinServicenowJwt() *Spec {
	return &Spec{
		Name:   "servicenow-jwt",
		Title:  "ServiceNow JWT bearer",
		Docs:   "https://www.servicenow.com/docs/",
		Source: "document",
		Vars: []Var{
			{
				Name:  "instance",
				Label: "Instance, the part before .service-now.com",
				Is:    "label",
			},
			{
				Name:  "user",
				Label: "User, as the sub claim is mapped",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
			{
				Name:  "key_id",
				Label: "Kid of the JWT verifier map",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://{instance}.service-now.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth_token.do",
			Form: map[string]string{
				"assertion":     "{jwt}",
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "urn:ietf:params:oauth:grant-type:jwt-bearer",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Header: map[string]any{
				"kid": "{key_id}",
			},
			Claims: map[string]any{
				"aud": "{client_id}",
				"iss": "{client_id}",
				"sub": "{user}",
			},
			Life: 60000000000, /* 1m0s */
			JTI:  true,
		},
	}
}

func builtinShopifyCc() *Spec {
	return &Spec{
		Name:   "shopify-cc",
		Title:  "Shopify client credentials",
		Docs:   "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant",
		Note:   "only for apps of your own organization, in stores that it owns",
		Source: "document",
		Vars: []Var{
			{
				Name:  "shop",
				Label: "Shop, the part before .myshopify.com",
				Is:    "label",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://{shop}.myshopify.com",
		Request: Request{
			Method: "POST",
			Path:   "/admin/oauth/access_token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"X-Shopify-Access-Token": "{token}",
			},
		},
	}
}

func builtinSnowflakeKeypair() *Spec {
	return &Spec{
		Name:   "snowflake-keypair",
		Title:  "Snowflake key pair",
		Docs:   "https://docs.snowflake.com/en/developer-guide/sql-api/authenticating",
		Note:   "account and user in upper case, as in MYORG-ACCOUNT123 and MYUSER; in the host the account may be in either",
		Source: "client",
		Vars: []Var{
			{
				Name:  "user",
				Label: "User name",
			},
			{
				Name:  "account",
				Label: "Account identifier",
			},
			{
				Name:  "host",
				Label: "Account host, such as myorg-account123.snowflakecomputing.com",
				Is:    "host",
			},
			{
				Name:  "fingerprint",
				Label: "Public key fingerprint, SHA256:…",
			},
			{
				Name:   "private_key",
				Label:  "Private key",
				Is:     "pem",
				Secret: true,
			},
		},
		Endpoint: "https://{host}",
		Token: []string{
			"{jwt}",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization":                        "Bearer {token}",
				"X-Snowflake-Authorization-Token-Type": "KEYPAIR_JWT",
			},
		},
		JWT: JWT{
			Alg: "RS256",
			Key: "private_key",
			Claims: map[string]any{
				"iss": "{account}.{user}.{fingerprint}",
				"sub": "{account}.{user}",
			},
			Life: 3540000000000, /* 59m0s */
		},
	}
}

func builtinSpotify() *Spec {
	return &Spec{
		Name:   "spotify",
		Title:  "Spotify Web API",
		Docs:   "https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://accounts.spotify.com",
		API: []string{
			"https://api.spotify.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/api/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinStrava() *Spec {
	return &Spec{
		Name:   "strava",
		Title:  "Strava API",
		Docs:   "https://developers.strava.com/docs/authentication/",
		Note:   "an answer may bring a new refresh token",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://www.strava.com/api/v3",
		Request: Request{
			Method: "POST",
			Path:   "/oauth/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_at",
				As: "epoch_s",
			},
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errors.0.code",
			},
			Message: []string{
				"message",
			},
		},
		Codes: map[string]string{
			"invalid": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		Limits: auth.Limits{
			Rotates: true,
		},
		Rotate: map[string]string{
			"refresh_token": "refresh_token",
		},
	}
}

func builtinTencentFaceid() *Spec {
	return &Spec{
		Name:   "tencent-faceid",
		Title:  "Tencent Cloud FaceID (腾讯云人脸核身)",
		Docs:   "https://cloud.tencent.com/document/product/1007/37304",
		Note:   "a new token leaves the one before a minute",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_id",
				Label: "WBappid",
			},
			{
				Name:   "secret",
				Label:  "secret",
				Secret: true,
			},
		},
		Endpoint: "https://kyc1.qcloud.com",
		Request: Request{
			Method: "GET",
			Path:   "/api/oauth2/access_token",
			Query: map[string]string{
				"appId":      "{app_id}",
				"grant_type": "client_credential",
				"secret":     "{secret}",
				"version":    "1.0.0",
			},
		},
		OK: map[string][]string{
			"code": {
				"0",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expire_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"msg",
			},
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
		},
		Limits: auth.Limits{
			Live: 1,
		},
	}
}

func builtinTiktok() *Spec {
	return &Spec{
		Name:   "tiktok",
		Title:  "TikTok for Developers",
		Docs:   "https://developers.tiktok.com/doc/client-access-token-management",
		Note:   "for the Research API and the Commercial Content API",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_key",
				Label: "Client key",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://open.tiktokapis.com",
		Request: Request{
			Method: "POST",
			Path:   "/v2/oauth/token/",
			Form: map[string]string{
				"client_key":    "{client_key}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinTwitch() *Spec {
	return &Spec{
		Name:   "twitch",
		Title:  "Twitch API",
		Docs:   "https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/",
		Note:   "for IGDB give --api https://api.igdb.com/v4",
		Source: "client",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://id.twitch.tv",
		API: []string{
			"https://api.twitch.tv/helix",
		},
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"status",
			},
			Message: []string{
				"message",
			},
		},
		Codes: map[string]string{
			"400": "denied",
			"403": "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
				"Client-Id":     "{client_id}",
			},
		},
	}
}

func builtinUps() *Spec {
	return &Spec{
		Name:   "ups",
		Title:  "UPS APIs",
		Docs:   "https://developer.ups.com/api/reference/oauth/client-credentials",
		Note:   "for the test environment give --endpoint https://wwwcie.ups.com",
		Source: "document",
		Vars: []Var{
			{
				Name:     "merchant_id",
				Label:    "UPS account number",
				Optional: true,
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://onlinetools.ups.com",
		Request: Request{
			Method: "POST",
			Path:   "/security/v1/oauth/token",
			Headers: map[string]string{
				"x-merchant-id": "{merchant_id}",
			},
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"response.errors.0.code",
			},
			Message: []string{
				"response.errors.0.message",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinUsps() *Spec {
	return &Spec{
		Name:   "usps",
		Title:  "USPS APIs",
		Docs:   "https://developers.usps.com/getting-started",
		Note:   "for the test environment give --endpoint https://apis-tem.usps.com",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Consumer Key",
			},
			{
				Name:   "client_secret",
				Label:  "Consumer Secret",
				Secret: true,
			},
		},
		Endpoint: "https://apis.usps.com",
		Request: Request{
			Method: "POST",
			Path:   "/oauth2/v3/token",
			JSON: map[string]any{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "client_credentials",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinVaultApprole() *Spec {
	return &Spec{
		Name:   "vault-approle",
		Title:  "HashiCorp Vault AppRole",
		Docs:   "https://developer.hashicorp.com/vault/docs/auth/approle",
		Source: "document",
		Vars: []Var{
			{
				Name:  "role_id",
				Label: "RoleID",
			},
			{
				Name:   "secret_id",
				Label:  "SecretID",
				Secret: true,
			},
		},
		Request: Request{
			Method: "POST",
			Path:   "/v1/auth/approle/login",
			JSON: map[string]any{
				"role_id":   "{role_id}",
				"secret_id": "{secret_id}",
			},
		},
		Token: []string{
			"auth.client_token",
		},
		Expires: []Expiry{
			{
				At: "auth.lease_duration",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Message: []string{
				"errors.0",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"X-Vault-Token": "{token}",
			},
		},
	}
}

func builtinVipps() *Spec {
	return &Spec{
		Name:   "vipps",
		Title:  "Vipps MobilePay",
		Docs:   "https://developer.vippsmobilepay.com/docs/APIs/access-token-api/",
		Note:   "for the test environment give --endpoint https://apitest.vipps.no",
		Source: "document",
		Vars: []Var{
			{
				Name:     "merchant_serial_number",
				Label:    "Merchant Serial Number",
				Optional: true,
			},
			{
				Name:  "client_id",
				Label: "client_id",
			},
			{
				Name:   "client_secret",
				Label:  "client_secret",
				Secret: true,
			},
			{
				Name:  "subscription_key",
				Label: "Ocp-Apim-Subscription-Key",
			},
		},
		Endpoint: "https://api.vipps.no",
		Request: Request{
			Method: "POST",
			Path:   "/accesstoken/get",
			Headers: map[string]string{
				"Merchant-Serial-Number":    "{merchant_serial_number}",
				"Ocp-Apim-Subscription-Key": "{subscription_key}",
				"client_id":                 "{client_id}",
				"client_secret":             "{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization":             "Bearer {token}",
				"Merchant-Serial-Number":    "{merchant_serial_number}",
				"Ocp-Apim-Subscription-Key": "{subscription_key}",
			},
		},
	}
}

func builtinVivoPush() *Spec {
	return &Spec{
		Name:   "vivo-push",
		Title:  "vivo Push (vivo 推送)",
		Docs:   "https://dev.vivo.com.cn/documentCenter/doc/362",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_id",
				Label: "appId",
				Is:    "number",
			},
			{
				Name:  "app_key",
				Label: "appKey",
			},
			{
				Name:   "app_secret",
				Label:  "appSecret",
				Secret: true,
			},
		},
		Endpoint: "https://api-push.vivo.com.cn",
		Request: Request{
			Method: "POST",
			Path:   "/message/auth",
			JSON: map[string]any{
				"appId":     "{app_id}",
				"appKey":    "{app_key}",
				"sign":      "{sign}",
				"timestamp": "{now_ms}",
			},
		},
		OK: map[string][]string{
			"result": {
				"0",
			},
		},
		Token: []string{
			"authToken",
		},
		Expires: []Expiry{
			{
				After: 86400000000000, /* 24h0m0s */
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"result",
			},
			Message: []string{
				"desc",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"authToken": "{token}",
			},
		},
		Sign: Sign{
			Alg: "md5",
			Over: []string{
				"{app_id}",
				"{app_key}",
				"{now_ms}",
				"{app_secret}",
			},
			As: "hex",
		},
	}
}

func builtinWalmart() *Spec {
	return &Spec{
		Name:   "walmart",
		Title:  "Walmart Marketplace",
		Docs:   "https://developer.walmart.com/us-marketplace/docs/get-an-access-token",
		Source: "document",
		Vars: []Var{
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
		},
		Endpoint: "https://marketplace.walmartapis.com",
		Request: Request{
			Method: "POST",
			Path:   "/v3/token",
			Headers: map[string]string{
				"WM_QOS.CORRELATION_ID": "{uuid}",
				"WM_SVC.NAME":           "Walmart Marketplace",
			},
			Form: map[string]string{
				"grant_type": "client_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error.0.code",
				"errors.error.0.code",
				"error",
			},
			Message: []string{
				"error.0.description",
				"errors.error.0.description",
				"error_description",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"WM_QOS.CORRELATION_ID": "{uuid}",
				"WM_SEC.ACCESS_TOKEN":   "{token}",
				"WM_SVC.NAME":           "Walmart Marketplace",
			},
		},
	}
}

func builtinWechatStable() *Spec {
	return &Spec{
		Name:   "wechat-stable",
		Title:  "WeChat (微信) stable access token",
		Docs:   "https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken",
		Note:   "the same token comes again until five minutes before its end",
		Source: "document",
		Vars: []Var{
			{
				Name:  "appid",
				Label: "AppID",
			},
			{
				Name:   "secret",
				Label:  "AppSecret",
				Secret: true,
			},
		},
		Endpoint: "https://api.weixin.qq.com",
		Request: Request{
			Method: "POST",
			Path:   "/cgi-bin/stable_token",
			JSON: map[string]any{
				"appid":      "{appid}",
				"grant_type": "client_credential",
				"secret":     "{secret}",
			},
		},
		OK: map[string][]string{
			"errcode": {
				"0",
				"",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errcode",
			},
			Message: []string{
				"errmsg",
			},
		},
		Codes: map[string]string{
			"-1":    "transient",
			"40001": "denied",
			"40013": "denied",
			"40125": "denied",
			"40164": "refused",
			"40243": "denied",
			"45009": "throttled",
			"45011": "throttled",
			"61004": "refused",
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
			Refused: []string{
				"40001",
				"40014",
				"42001",
			},
		},
	}
}

func builtinWechatToken() *Spec {
	return &Spec{
		Name:   "wechat-token",
		Title:  "WeChat (微信) access token",
		Docs:   "https://developers.weixin.qq.com/doc/subscription/api/base/api_getaccesstoken",
		Note:   "a new token ends the one before: prefer the provider wechat-stable",
		Source: "document",
		Vars: []Var{
			{
				Name:  "appid",
				Label: "AppID",
			},
			{
				Name:   "secret",
				Label:  "AppSecret",
				Secret: true,
			},
		},
		Endpoint: "https://api.weixin.qq.com",
		Request: Request{
			Method: "GET",
			Path:   "/cgi-bin/token",
			Query: map[string]string{
				"appid":      "{appid}",
				"grant_type": "client_credential",
				"secret":     "{secret}",
			},
		},
		OK: map[string][]string{
			"errcode": {
				"0",
				"",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errcode",
			},
			Message: []string{
				"errmsg",
			},
		},
		Codes: map[string]string{
			"-1":    "transient",
			"40001": "denied",
			"40013": "denied",
			"40125": "denied",
			"40164": "refused",
			"40243": "denied",
			"45009": "throttled",
			"45011": "throttled",
			"61004": "refused",
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
			Refused: []string{
				"40001",
				"40014",
				"42001",
			},
		},
		Limits: auth.Limits{
			Live: 1,
		},
	}
}

func builtinWecom() *Spec {
	return &Spec{
		Name:   "wecom",
		Title:  "WeCom (企业微信) internal app",
		Docs:   "https://developer.work.weixin.qq.com/document/path/91039",
		Note:   "each app has its own secret and its own token; the same token comes again until it expires",
		Source: "document",
		Vars: []Var{
			{
				Name:  "corpid",
				Label: "corpid",
			},
			{
				Name:   "corpsecret",
				Label:  "corpsecret",
				Secret: true,
			},
		},
		Endpoint: "https://qyapi.weixin.qq.com",
		Request: Request{
			Method: "GET",
			Path:   "/cgi-bin/gettoken",
			Query: map[string]string{
				"corpid":     "{corpid}",
				"corpsecret": "{corpsecret}",
			},
		},
		OK: map[string][]string{
			"errcode": {
				"0",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"errcode",
			},
			Message: []string{
				"errmsg",
			},
		},
		Codes: map[string]string{
			"-1":    "transient",
			"40001": "denied",
			"40013": "denied",
			"40091": "denied",
			"45009": "throttled",
			"45033": "throttled",
			"60020": "refused",
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
			Refused: []string{
				"40014",
				"42001",
			},
		},
	}
}

func builtinWelink() *Spec {
	return &Spec{
		Name:   "welink",
		Title:  "Huawei Cloud WeLink",
		Docs:   "https://support.huaweicloud.com/devg-welink/start-09.html",
		Source: "document",
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
		Endpoint: "https://open.welink.huaweicloud.com/api",
		Request: Request{
			Method: "POST",
			Path:   "/auth/v2/tickets",
			JSON: map[string]any{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
			},
		},
		OK: map[string][]string{
			"code": {
				"0",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
		},
		Codes: map[string]string{
			"10007": "denied",
			"41403": "refused",
		},
		Use: Use{
			Headers: map[string]string{
				"x-wlk-Authorization": "{token}",
			},
		},
	}
}

func builtinXeroCc() *Spec {
	return &Spec{
		Name:   "xero-cc",
		Title:  "Xero custom connection",
		Docs:   "https://developer.xero.com/documentation/guides/oauth2/custom-connections",
		Source: "client",
		Vars: []Var{
			{
				Name:     "scope",
				Label:    "Scopes",
				Optional: true,
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://identity.xero.com",
		API: []string{
			"https://api.xero.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/connect/token",
			Form: map[string]string{
				"grant_type": "client_credentials",
				"scope":      "{scope}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}

func builtinXeroUser() *Spec {
	return &Spec{
		Name:   "xero-user",
		Title:  "Xero refresh token",
		Docs:   "https://developer.xero.com/documentation/guides/oauth2/auth-flow",
		Note:   "each answer brings a new refresh token; one not used for 60 days dies",
		Source: "client",
		Vars: []Var{
			{
				Name:  "tenant_id",
				Label: "Tenant ID",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://identity.xero.com",
		API: []string{
			"https://api.xero.com",
		},
		Request: Request{
			Method: "POST",
			Path:   "/connect/token",
			Form: map[string]string{
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization":  "Bearer {token}",
				"xero-tenant-id": "{tenant_id}",
			},
		},
		Limits: auth.Limits{
			Rotates: true,
		},
		Rotate: map[string]string{
			"refresh_token": "refresh_token",
		},
	}
}

func builtinYonyou() *Spec {
	return &Spec{
		Name:   "yonyou",
		Title:  "Yonyou YonBIP (用友)",
		Docs:   "https://open.yonyoucloud.com/",
		Note:   "calls go to https://HOST/iuap-api-gateway",
		Source: "document",
		Vars: []Var{
			{
				Name:  "app_key",
				Label: "App Key",
			},
			{
				Name:  "host",
				Label: "Host of the tenant's data centre, such as c1.yonyoucloud.com",
				Is:    "host",
			},
			{
				Name:   "app_secret",
				Label:  "App Secret",
				Secret: true,
			},
		},
		Endpoint: "https://{host}",
		Request: Request{
			Method: "GET",
			Path:   "/iuap-api-auth/open-auth/selfAppAuth/base/v1/getAccessToken",
			Query: map[string]string{
				"appKey":    "{app_key}",
				"signature": "{sign}",
				"timestamp": "{now_ms}",
			},
		},
		OK: map[string][]string{
			"code": {
				"00000",
			},
		},
		Token: []string{
			"data.access_token",
		},
		Expires: []Expiry{
			{
				At: "data.expire",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
		},
		Sign: Sign{
			Alg: "hmac-sha256",
			Key: "app_secret",
			Over: []string{
				"appKey",
				"{app_key}",
				"timestamp",
				"{now_ms}",
			},
			As: "base64",
		},
	}
}

func builtinYouzan() *Spec {
	return &Spec{
		Name:   "youzan",
		Title:  "Youzan Cloud (有赞云)",
		Docs:   "https://doc.youzanyun.com/resource/develop-guide/41355/41510",
		Source: "document",
		Vars: []Var{
			{
				Name:  "grant_id",
				Label: "Shop ID (kdt_id)",
			},
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
		Endpoint: "https://open.youzanyun.com",
		API: []string{
			"https://open.youzanyun.com/api",
		},
		Request: Request{
			Method: "POST",
			Path:   "/auth/token",
			JSON: map[string]any{
				"authorize_type": "silent",
				"client_id":      "{client_id}",
				"client_secret":  "{client_secret}",
				"grant_id":       "{grant_id}",
				"refresh":        false,
			},
		},
		OK: map[string][]string{
			"code": {
				"200",
			},
		},
		Token: []string{
			"data.access_token",
		},
		Expires: []Expiry{
			{
				At: "data.expires",
				As: "epoch_ms",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"code",
			},
			Message: []string{
				"message",
			},
			Trace: []string{
				"trace_id",
			},
		},
		Use: Use{
			Query: map[string]string{
				"access_token": "{token}",
			},
		},
	}
}

func builtinZhipu() *Spec {
	return &Spec{
		Name:   "zhipu",
		Title:  "Zhipu AI (智谱)",
		Docs:   "https://docs.bigmodel.cn/cn/api/introduction",
		Note:   "an API key is ID.SECRET: give its two halves",
		Source: "client",
		Vars: []Var{
			{
				Name:  "id",
				Label: "API key before the dot",
			},
			{
				Name:   "secret",
				Label:  "API key after the dot",
				Secret: true,
			},
		},
		Endpoint: "https://open.bigmodel.cn",
		Token: []string{
			"{jwt}",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
		JWT: JWT{
			Alg: "HS256",
			Key: "secret",
			Header: map[string]any{
				"sign_type": "SIGN",
			},
			Claims: map[string]any{
				"api_key":   "{id}",
				"timestamp": "{now_ms}",
			},
			Life:   86400000000000, /* 24h0m0s */
			Millis: true,
		},
	}
}

func builtinZoho() *Spec {
	return &Spec{
		Name:   "zoho",
		Title:  "Zoho",
		Docs:   "https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html",
		Note:   "ten tokens in ten minutes, then none for ten minutes; the token works in the data centre of its account alone",
		Source: "document",
		Vars: []Var{
			{
				Name:    "accounts",
				Label:   "Accounts host of the data centre, such as accounts.zoho.eu or accounts.zoho.com.cn",
				Is:      "host",
				Default: "accounts.zoho.com",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client Secret",
				Secret: true,
			},
			{
				Name:   "refresh_token",
				Label:  "Refresh token",
				Secret: true,
			},
		},
		Endpoint: "https://{accounts}",
		API: []string{
			"{api_domain}",
		},
		Request: Request{
			Method: "POST",
			Path:   "/oauth/v2/token",
			Form: map[string]string{
				"client_id":     "{client_id}",
				"client_secret": "{client_secret}",
				"grant_type":    "refresh_token",
				"refresh_token": "{refresh_token}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
			},
			Message: []string{
				"error_description",
				"error",
			},
		},
		Codes: map[string]string{
			"Access Denied":         "throttled",
			"invalid_client_secret": "denied",
			"invalid_code":          "denied",
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Zoho-oauthtoken {token}",
			},
		},
		Rotate: map[string]string{},
		Keep: map[string]string{
			"api_domain": "api_domain",
		},
	}
}

func builtinZoom() *Spec {
	return &Spec{
		Name:   "zoom",
		Title:  "Zoom Server-to-Server OAuth",
		Docs:   "https://developers.zoom.us/docs/rooms/s2s-oauth/",
		Source: "document",
		Vars: []Var{
			{
				Name:  "account_id",
				Label: "Account ID",
			},
			{
				Name:  "client_id",
				Label: "Client ID",
			},
			{
				Name:   "client_secret",
				Label:  "Client secret",
				Secret: true,
			},
		},
		Endpoint: "https://zoom.us",
		API: []string{
			"https://api.zoom.us/v2",
		},
		Request: Request{
			Method: "POST",
			Path:   "/oauth/token",
			Form: map[string]string{
				"account_id": "{account_id}",
				"grant_type": "account_credentials",
			},
			Basic: []string{
				"{client_id}",
				"{client_secret}",
			},
		},
		Token: []string{
			"access_token",
		},
		Expires: []Expiry{
			{
				At: "expires_in",
				As: "seconds",
			},
		},
		Error: ErrorPaths{
			Code: []string{
				"error",
			},
			Message: []string{
				"reason",
				"error_description",
			},
		},
		Use: Use{
			Headers: map[string]string{
				"Authorization": "Bearer {token}",
			},
		},
	}
}
