package cmd

import (
	"strings"
	"testing"
)

func TestCurlGuard(t *testing.T) {
	const evil, here = "https://evil.example", "https://api.example.com"
	bearer := curlGuard{origins: []string{here + "/base", "https://second.example.com"}, mayFollow: true}
	query := curlGuard{origins: []string{here}}
	for _, tt := range []struct {
		guard  curlGuard
		args   string // separated by blanks
		refuse string // a part of the refusal; empty: none
	}{
		// Options whose value gets no token are allowed, even if the value
		// is a URL.
		{bearer, "-x http://proxy:3128 -e https://evil.example/ref -A https://evil.example -b a=b -d https://evil.example -H X:https://evil.example", ""},
		{bearer, "--proxy http://p --preproxy socks5://p --socks5 p:1 --socks5-hostname p:1 --proxy1.0 p --proxy-user a:b --noproxy x", ""},
		{bearer, "--doh-url https://dns.example/dns-query --dns-servers 9.9.9.9 --data-urlencode u=https://evil.example --json {}", ""},
		{bearer, "-sSLo /tmp/x --ssl-reqd --http0.9 --netrc --compressed --tlsv1.2 -k --cacert evil.pem -T file -F f=@x", ""},
		{bearer, "-o evil.example -oevil.example -w https://evil.example --max-time 3 --retry 2 --url-query a=https://evil.example", ""},
		{bearer, "--location -L --follow --no-progress-meter --no-buffer --no-location --compr --SILENT", ""},
		{bearer, "--data=https://evil.example --request=POST -XPOST --referer=https://evil.example", ""},
		{bearer, "https://api.example.com/2 https://second.example.com/x --url https://api.example.com/3 --url=https://api.example.com:443/4", ""},
		{bearer, "-- https://api.example.com/2 https://second.example.com/", ""},
		{bearer, "--request-target /x --request-target *", ""},
		{bearer, "--expand-data {{x}} --variable x@file", ""},

		// Further URLs, wherever curl would find one.
		{bearer, "https://evil.example", "second URL"},
		{bearer, "evil.example", "second URL"},
		{bearer, "-s evil.example", "second URL"},
		{bearer, "-so x evil.example", "second URL"},
		{bearer, "-ox evil.example", "second URL"},
		{bearer, "-d x evil.example", "second URL"},
		{bearer, "--ssl-reqd evil.example", "second URL"},
		{bearer, "--http0.9 evil.example", "second URL"},
		{bearer, "--netrc evil.example", "second URL"},
		{bearer, "--SILENT evil.example", "second URL"},
		{bearer, "--no-silent evil.example", "second URL"},
		{bearer, "--no-data evil.example", "second URL"},
		{bearer, "--data=x evil.example", "second URL"},
		{bearer, "--he evil.example", "may be its value, or a second URL"}, // --head, --header, --help
		{bearer, "--help evil.example", "second URL"},
		{bearer, "-- evil.example", "second URL"},
		{bearer, "-- -s", "second URL"},
		{bearer, "https://api.example.com/ok evil.example", "second URL"},
		{bearer, "--url evil.example", "second URL"},
		{bearer, "--url https://evil.example", "second URL"},
		{bearer, "--URL evil.example", "second URL"},
		{bearer, "--ur evil.example", "second URL"},
		{bearer, "--url=evil.example", "second URL"},
		{bearer, "--url @file", "second URL"},
		{bearer, "--url", "second URL"},
		{bearer, "--expand-url https://{{x}}/", "second URL"},
		{bearer, "--expand-url {{x}}", "second URL"},
		{bearer, "--request-target https://evil.example/", "second URL"},

		// Options that lead elsewhere, in every spelling.
		{bearer, "--next", "--next"},
		{bearer, "-:", "--next"},
		{bearer, "-s:", "--next"},
		{bearer, "--nex", "--next"},
		{bearer, "-K x", "--config"},
		{bearer, "-Kx", "--config"},
		{bearer, "-sKx", "--config"},
		{bearer, "--config x", "--config"},
		{bearer, "--config=x", "--config"},
		{bearer, "--conf x", "--config"},
		{bearer, "--Config x", "--config"},
		{bearer, "--expand-config x", "--config"},
		{bearer, "--con x", "--config"},
		{bearer, "--connect-to ::evil.example:", "--connect-to"},
		{bearer, "--connect-t ::evil.example:", "--connect-to"},
		{bearer, "--resolve x:443:1.2.3.4", "--resolve"},
		{bearer, "--reso x:443:1.2.3.4", "--resolve"},
		{bearer, "--unix-socket /s", "--unix-socket"},
		{bearer, "--abstract-unix-socket s", "--abstract-unix-socket"},
		{bearer, "--alt-svc f", "--alt-svc"},
		{bearer, "--location-trusted", "--location-trusted"},
		{bearer, "--location-t", "--location-trusted"},
		{bearer, "--loc", "--location-trusted"},
		{query, "--location", "--location"},
		{query, "-L", "--location"},
		{query, "-sSL", "--location"},
		{query, "-sLo x", "--location"},
		{query, "--follow", "--follow"},
		{query, "--fol", "--follow"},
		{query, "-oL -dL -H L -sS", ""},

		// Options that the table does not know.
		{bearer, "--brand-new", ""},
		{bearer, "--brand-new -s", ""},
		{bearer, "--brand-new=x", ""},
		{bearer, "--brand-new https://api.example.com/x", ""},
		{bearer, "--brand-new evil.example", "may be its value, or a second URL"},
		{bearer, "--brand-new=x evil.example", "second URL"},
		{bearer, "--brand-new -s evil.example", "second URL"},
		{bearer, "--brand-new -o evil.example", "or an option"},
		{bearer, "--brand-new -- evil.example", "or an option"},
		{bearer, "--brand-new --brand-newer evil.example", "or an option"},
		{bearer, "-@ evil.example", "may be its value, or a second URL"},
		{bearer, "-s@ evil.example", "may be its value, or a second URL"},
		{bearer, "-@o evil.example", "may be its value, or a second URL"},
		{bearer, "-@K evil.example", "--config"},
		{bearer, "-@ox evil.example", "second URL"},
		{bearer, "-", ""}, // curl takes it for an option that does not exist
	} {
		err := tt.guard.check(here+"/x", strings.Fields(tt.args))
		switch {
		case err == nil && tt.refuse != "":
			t.Errorf("%s: accepted", tt.args)
		case err != nil && (tt.refuse == "" || !strings.Contains(err.Error(), tt.refuse)):
			t.Errorf("%s: %v, want %q", tt.args, err, tt.refuse)
		}
	}
	for _, target := range []string{evil, "https://api.example.com.evil.example", "http://api.example.com/x", "https://api.example.com:444/", "https://api.example.com@evil.example/"} {
		if bearer.check(target, nil) == nil {
			t.Errorf("%s: accepted", target)
		}
	}
}

func TestCurlVersions(t *testing.T) {
	for text, want := range map[string]string{
		"curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1": "7.88.1",
		"curl 8.22.0-DEV (x)":                              "",
		"busybox 1":                                        "",
		"":                                                 "",
	} {
		if got := curlVersion(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for version, want := range map[string]bool{"7.81.0": true, "7.86.9": true, "6.99": true, "7.87.0": false, "7.100.0": false, "8.0.1": false, "8": false} {
		if olderThan(version, 7, 87) != want {
			t.Errorf("%s older than 7.87: %t", version, !want)
		}
	}
}

func TestHasScheme(t *testing.T) {
	for s, want := range map[string]bool{
		"https://x": true, "HTTP://x": true, "ftp://x": true, "http:/x": true, "git+ssh://x": true,
		"api/v1/x": false, "evil.example": false, "localhost:8080/x": false, "host:80/a:/b": false, "": false, ":/x": false, "a b:/x": false,
	} {
		if hasScheme(s) != want {
			t.Errorf("%q: %t", s, !want)
		}
	}
}
