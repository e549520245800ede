package scenario

import (
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	p, err := Parse("my.toml", []byte("base = \"court-a\"\nlength = \"48h\"\nloss = 0.01\n[honest]\noutbound = 120\n[[attack]]\nlabel = \"burst\"\ndestinations = [\"+1345\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "my" || p.Length != 48*time.Hour || p.Wire.Loss != .01 || p.Honest.Outbound != 120 {
		t.Errorf("got %+v, want what the file says", p)
	}
	if len(p.Attacks) != 1 || p.Attacks[0].Label != "burst" {
		t.Errorf("got attacks %+v, want the file's alone", p.Attacks)
	}
}

func TestFaultsOfAFile(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"bogus = 1\n", "f.toml:1:1: bogus"},
		{"\nlength = 5\n", "f.toml:2:"},
		{"length = \"0s\"\n", "f.toml:1:"},
		{"ip = 5\n", "f.toml:1:"},
		{"loss = 2.0\n", "f.toml:1:"},
		{"media = \"some\"\n", "f.toml:1:"},
		{"timezone = \"Europe/Nowhere\"\n", "f.toml:1:"},
		{"[honest]\nbogus = 1\n", "f.toml:2:"},
		{"[[attack]]\ndestinations = [\"+999\"]\n", "f.toml:2:"},
		{"loss = = 1\n", "f.toml:1:"},
		{"base = \"nothing\"\n", "f.toml:1:"},
	} {
		_, err := Parse("f.toml", []byte(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want one line with %q", c.file, err, c.want)
		}
	}
}

func TestSet(t *testing.T) {
	p, _ := Lookup("court-a")
	if err := p.Set("attack.calls_per_minute", "40"); err != nil || p.Attacks[0].CallsPerMinute != 40 {
		t.Errorf("got %v and %v calls a minute, want 40", err, p.Attacks[0].CallsPerMinute)
	}
	for _, bad := range [][2]string{{"bogus", "1"}, {"loss", "much"}, {"attack.answer", "-1"}, {"start", "yesterday"}} {
		p, _ := Lookup("court-a")
		if err := p.Set(bad[0], bad[1]); err == nil && p.Check() == nil {
			t.Errorf("%s=%s was taken, want an error", bad[0], bad[1])
		}
	}
	office, _ := Lookup("office-day")
	if err := office.Set("attack.answer", "1"); err == nil {
		t.Error("office-day has no attack, want an error")
	}
}

func TestNamedScenariosAreSound(t *testing.T) {
	for _, s := range Named() {
		p, ok := Lookup(s.Name)
		if !ok || p.Check() != nil {
			t.Errorf("%s: got %v, %v; want a scenario that holds its own limits", s.Name, ok, p.Check())
		}
	}
}

// TestKeysRoundTrip: what Value prints, Set takes.
func TestKeysRoundTrip(t *testing.T) {
	p, _ := Lookup("office-court-a")
	for _, k := range Keys() {
		q, _ := Lookup("office-court-a")
		if err := q.Set(k.Name, k.Value(&p, 0)); err != nil {
			t.Errorf("%s = %s: %v", k.Name, k.Value(&p, 0), err)
		}
	}
}

// FuzzParse: a file is refused, or holds every limit.
func FuzzParse(f *testing.F) {
	f.Add([]byte("base = \"court-a\"\nlength = \"48h\"\n[honest]\noutbound = 120\n"))
	f.Add([]byte("[[attack]]\nlabel = \"x\"\ndestinations = [\"+1345\"]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Parse("f.toml", b)
		if err != nil {
			return
		}
		if err := p.Check(); err != nil {
			t.Errorf("%q was taken, and breaks its limits: %v", b, err)
		}
	})
}
