package scenario

import (
	"strings"
	"testing"
	"time"
)

// TestACaseInAFile: what stands beside it holds for all its activities, the
// rest is drawn.
func TestACaseInAFile(t *testing.T) {
	p, err := Parse("f.toml", []byte(`base = "office"
[[attack]]
case = "mailbox"
after = "30h"
extension = "204"
destinations = ["+5001"]
[[attack]]
case = "brute-force"
label = "thief"
length = "10h"
`))
	if err != nil {
		t.Fatal(err)
	}
	a := Draw(p, 1).Attacks
	if len(a) != 5 {
		t.Fatalf("got %d activities, want the three of the mailbox and the two of the first ten hours", len(a))
	}
	for i, want := range []struct {
		label, kind   string
		after, length time.Duration
	}{
		{"mailbox", "mailbox", 30 * time.Hour, time.Hour},
		{"mailbox", "forward", 31 * time.Hour, time.Hour},
		{"mailbox", "hairpin", 33 * time.Hour, 45 * time.Hour},
		{"thief", "brute_force", 0, 8 * time.Hour},
		{"thief", "hijack", 8 * time.Hour, time.Hour},
	} {
		got := &a[i]
		if got.Label != want.label || got.Kind != want.kind || got.After != want.after || got.Length != want.length || got.Case != "" {
			t.Errorf("activity %d: got %+v, want %+v", i, *got, want)
		}
		if i < 3 && (got.Extension != "204" || strings.Join(got.Destinations, " ") != "+5001") {
			t.Errorf("activity %d: got %s and %v, want what the file says", i, got.Extension, got.Destinations)
		}
	}
	if again := Draw(Draw(p, 1), 1).Attacks; len(again) != len(a) {
		t.Errorf("what is drawn is drawn again: %d activities", len(again))
	}
}

// TestACaseByName replaces an attack of a scenario that has a name, at its time.
func TestACaseByName(t *testing.T) {
	p, _ := Lookup("office-court-a")
	for _, set := range [][2]string{{"attack.case", "slow-6"}, {"attack.talk_least", "20m"}} {
		if err := p.Set(set[0], set[1]); err != nil {
			t.Fatal(err)
		}
	}
	a := Draw(p, 1).Attacks
	if len(a) != 1 || a[0].Label != "slow-6" || a[0].After != 18*time.Hour || a[0].TalkLeast != 20*time.Minute || a[0].TalkMost < a[0].TalkLeast {
		t.Errorf("got %+v, want six calls an hour from 18h on, of twenty minutes and more", a)
	}
	if _, err := New(p, 1); err != nil {
		t.Error(err)
	}
}

func TestFaultsOfCases(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"[[attack]]\ncase = \"none\"\n", "f.toml:2:1: attack.case: \"none\": there are court-a, "},
		{"[[attack]]\ncase = \"scan\"\nkind = \"burst\"\n", "f.toml:3:1: attack.kind: an attack of a case has its kinds"},
		{"[[attack]]\ncase = \"scan\"\ntalk_least = \"9m\"\ntalk_most = \"8m\"\n", "f.toml:4:1: attack.talk_most: 8m0s: want at least attack.talk_least, 9m0s"},
		{"[[attack]]\ndestinations = [\"+1345555014\"]\n", "f.toml:2:1: attack.destinations: \"+1345555014\""},
		{"[[attack]]\naddresses = 200000\n", "f.toml:2:1: attack.addresses"},
		{strings.Repeat("[[attack]]\n", 257), "attack 257: want at most 256"},
	} {
		_, err := Parse("f.toml", []byte(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.80q: got %v, want one line with %q", c.file, err, c.want)
		}
	}
	p, _ := Parse("f.toml", []byte(strings.Repeat("[[attack]]\ncase = \"mailbox\"\n", 100)))
	if _, err := New(p, 1); err == nil {
		t.Error("300 activities were taken, want at most 256")
	}
}
