package rules

import (
	"strings"
	"testing"
)

// TestSignPoints has one line a formula.
func TestSignPoints(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Signs
		want string // rule and points, in order
	}{
		{"four wrong passwords, then the right one", Signs{Accepted: true, Failures: 4}, ""},
		{"five", Signs{Accepted: true, Failures: 5}, "breach 85"},
		{"a scanner's first password", Signs{Accepted: true, IsScanner: true}, "breach 85"},
		{"a monitor", Signs{Requests: 100, Users: 1}, ""},
		{"a scan", Signs{Requests: 20, Users: 3}, "scan 45"},
		{"a scanner by name", Signs{Requests: 5, Users: 1, Scanner: "sipvicious"}, "scan 45"},
		{"eight users", Signs{Requests: 20, Users: 8, Scanner: "sipvicious"}, "enumeration 45"},
		{"thirty users", Signs{Requests: 30, Users: 30, Leak: true}, "enumeration 55"},
		{"nine wrong passwords", Signs{Guesses: 9, GuessSources: 1}, ""},
		{"ten", Signs{Guesses: 10, GuessSources: 1}, "brute_force 55"},
		{"from five sources", Signs{Guesses: 5, GuessSources: 5}, "brute_force 55"},
		{"a storm of all strangers", Signs{Knocks: 6000}, "flood 55"},
		{"two prefixes", Signs{Prefixes: 2, Inside: true, Served: true}, ""},
		{"three of a stranger", Signs{Prefixes: 3}, "probing 55"},
		{"three of a stranger, served", Signs{Prefixes: 3, Served: true}, "probing 85"},
		{"three of an extension", Signs{Prefixes: 3, Inside: true}, "probing 65"},
		{"ten of an extension", Signs{Prefixes: 10, Inside: true}, "probing 85"},
		{"seven conversations at night", Signs{Talks: 7, TalksUsual: 2, TalksLearned: true, OffHours: true, Unread: 1}, "media_only 75"},
		{"the same in the first night", Signs{Talks: 8, TalksUsual: 2, OffHours: true, Unread: 1}, "media_only 60"},
		{"the same where signalling can be read", Signs{Talks: 8, TalksUsual: 2, OffHours: true, Unread: 0.1}, ""},
		{"twice the usual in working hours", Signs{Talks: 10, TalksUsual: 5, TalksLearned: true, Unread: 1}, ""},
		{"seven more", Signs{Talks: 17, TalksUsual: 5, TalksLearned: true, Unread: 1}, "media_only 70"},
		{"working hours that are not known", Signs{Talks: 30, Unread: 1}, ""},
		{"a telephone that moved", Signs{NewNetwork: true, Public: true, NewAgent: true, AtNight: true}, "registration 45"},
		{"a second one outside the house", Signs{NewNetwork: true, Public: true, Beside: true, OnlyHouse: true}, "registration 55"},
		{"with everything", Signs{NewNetwork: true, Public: true, NewAgent: true, Beside: true, OnlyHouse: true, AtNight: true}, "registration 60"},
		{"a traveller's third place", Signs{NewNetwork: true, Public: true, Roams: true, Beside: true}, "registration 25"},
		{"a move of three of nine", Signs{NewNetwork: true, Public: true, Beside: true, OnlyHouse: true, Moved: 3, Registered: 9}, ""},
		{"a new set in the house", Signs{NewNetwork: true, NewAgent: true, Beside: true}, ""},
		{"nobody calls any more", Signs{CallsExpected: 20, CallsOut: 3}, "inbound_silence 55"},
		{"nobody calls, and nobody is there", Signs{CallsExpected: 200, CallsOut: 2}, ""},
		{"a quiet hour", Signs{CallsExpected: 19, CallsOut: 30}, ""},
		{"served without a password", Signs{Relayed: true}, "open_relay 85"},
	} {
		reasons, _ := ScoreSigns(c.in)
		var got []string
		for _, r := range reasons {
			got = append(got, r.Rule+" "+trim(r.Points))
			if r.Text == "" {
				t.Errorf("%s: rule %s gives no reason", c.name, r.Rule)
			}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s: got %q, want %q", c.name, g, c.want)
		}
	}
}
