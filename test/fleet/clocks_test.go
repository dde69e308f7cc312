//go:build fleet

package fleet

import (
	"encoding/json"
	"regexp"
	"testing"
)

// TestEngineClock sets the engine's clock two hours forward and back. Machines
// whose own clocks are apart are in the scripts of cmd: no namespace gives a
// process another time of day.
func TestEngineClock(t *testing.T) {
	for offset, words := range map[string]string{"+2h": "ahead", "-2h": "behind"} {
		t.Run(offset, func(t *testing.T) {
			t.Parallel()
			s := newPlace(t, false)
			env, _ := postgresTable(t, "faketime", "-f", offset)
			s.setenv(env)
			s.share("exec://" + example(t, "hauth-fleet-postgresql"))
			outcome, all := s.herd(5, "token", "acme")
			only(t, outcome, all, "exit 0 "+s.vendor.token(), 15)
			s.vendor.asked(t, 1)
			for _, h := range s.hosts {
				var got struct {
					ExpiresIn int `json:"expires_in"`
				}
				if r := h.gets("", "token", "acme", "--json"); json.Unmarshal([]byte(r.stdout), &got) != nil || got.ExpiresIn < 7000 || got.ExpiresIn > 7200 {
					t.Errorf("%s: %+v", h.name, r)
				}
			}
			outcome, all = s.herd(5, "refresh", "acme", "--if-token-sha256", digest(s.vendor.token()))
			only(t, outcome, all, "exit 0 ", 15)
			s.vendor.asked(t, 2)
			if c := s.hosts[0].doctor("--network"); c.Status != "ok" || !regexp.MustCompile(`its clock is (2h0m|1h59m)\d+s `+words).MatchString(c.Detail) {
				t.Errorf("%+v", c)
			}
			s.vendor.set(func(v *vendor) { v.refuse = true })
			for range 2 {
				outcome, all = s.herd(5, "refresh", "acme", "--if-token-sha256", digest(s.vendor.token()))
				only(t, outcome, all, "exit 4 ", 15)
			}
			s.vendor.asked(t, 3)
		})
	}
}
