package numbering

import (
	"strings"
	"testing"
)

// Whatever is dialled, wherever: E.164 is + and 7 to 15 digits and is read again
// as the same number, country and class; only classes that have none lack it.
func FuzzResolve(f *testing.F) {
	for _, user := range typical {
		f.Add(user, "", uint8(0), "auto")
		f.Add(user, "+33", uint8(12), "9")
	}
	f.Add("+33 (0)1 23 45 67 89;ext=5", "", uint8(3), "none")
	f.Add("0123456789;phone-context=+44", "", uint8(33), "0")
	table, err := Default()
	if err != nil {
		f.Fatal(err)
	}
	var countries []string
	for line := range strings.Lines(homesText()) {
		countries = append(countries, strings.Fields(line)[0])
	}
	plans := map[PlanConfig]*Plan{}
	f.Fuzz(func(t *testing.T, user, host string, country uint8, outside string) {
		cfg := PlanConfig{Country: countries[int(country)%len(countries)], OutsidePrefix: outside}
		p := plans[cfg]
		if p == nil {
			if p, err = NewPlan(table, cfg); err != nil {
				return
			}
			plans[cfg] = p
		}
		p.votes = votes{}
		n := p.Resolve(user, host)
		if n.Class < Domestic || n.Class > Unparsed || n.Reading == "" || n.Rate < 0 {
			t.Fatalf("got %+v", n)
		}
		p.ObserveOutside(user, host)
		if n.E164 == "" {
			return
		}
		digits, plus := strings.CutPrefix(n.E164, "+")
		if !plus || len(digits) < minE164 || len(digits) > maxE164 || !allDigits(digits) {
			t.Fatalf("got E.164 %q", n.E164)
		}
		again := p.Resolve(n.E164, "")
		if again.E164 != n.E164 || again.Country != n.Country || again.Class != n.Class || again.Rate != n.Rate || again.Prefix != n.Prefix {
			t.Fatalf("got %+v, and read again %+v", n, again)
		}
		switch n.Class {
		case Emergency, Internal, Unparsed:
			t.Fatalf("got E.164 in %+v", n)
		}
	})
}
