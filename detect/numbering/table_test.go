package numbering

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"
)

// Every row is found by its own prefix and by whatever follows it, up to the
// next longer row, and France sees it as the table says.
func TestEveryRow(t *testing.T) {
	records, err := csv.NewReader(strings.NewReader(destinations)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	records = records[1:]
	p := plan(t, "FR", "auto")
	if got := len(p.table.rows); got != len(records) || got != 604 {
		t.Fatalf("got %d rows of %d, want 604", got, len(records))
	}
	known := map[string]bool{}
	for _, r := range records {
		known[r[0]] = true
	}
	for i, r := range records {
		prefix, country, rate := r[0], r[1], r[3]
		row := p.table.rows[i]
		if row.Prefix != prefix || row.Country != country || row.Class.String() != r[2] || row.Kind == 0 {
			t.Errorf("got %+v for row %v", row, r)
		}
		if strings.HasPrefix(prefix, "FR:") {
			continue
		}
		for tail := '0'; tail <= '9'; tail++ {
			longer := prefix
			for len(longer) < 13 && (len(longer) == len(prefix) || !known[longer]) {
				longer += string(tail)
			}
			if known[longer] && longer != prefix {
				continue
			}
			d, ok := p.table.Lookup(longer)
			if !ok || d.Prefix != prefix {
				t.Errorf("got %q for %s, want %s", d.Prefix, longer, prefix)
			}
			n := p.Resolve("+"+longer, "")
			if want, _ := strconv.ParseFloat(rate, 64); n.Prefix != prefix || n.Country != country || n.Rate != want {
				t.Errorf("got %+v for +%s, want row %v", n, longer, r)
			}
			if want := classInFrance(row); n.Class != want {
				t.Errorf("got class %s for +%s, want %s", n.Class, longer, want)
			}
		}
	}
}

// classInFrance: the table's, but Mobile means France's own.
func classInFrance(d Destination) Class {
	switch {
	case d.Class != Mobile || d.Country == "FR":
		return d.Class
	case d.Country == "LT" || d.Country == "LV" || d.Country == "EE":
		return HighRisk
	}
	return International
}

func TestParseRefuses(t *testing.T) {
	const head = "prefix,country_iso2,class,typical_retail_eur_per_min,note\n"
	for name, text := range map[string]string{
		"nothing": "", "headings only": head, "unknown class": head + "33,FR,cheap,0.02,\n", "no price": head + "33,FR,domestic,free,\n",
		"negative price": head + "33,FR,domestic,-1,\n", "not a number": head + "33,FR,domestic,NaN,\n", "letters": head + "3x,FR,domestic,0.02,\n",
		"empty prefix": head + ",FR,domestic,0.02,\n", "twice": head + "33,FR,domestic,0.02,\n33,FR,domestic,0.02,\n",
		"a field too few": head + "33,FR,domestic,0.02\n", "too long": head + "1234567890123456,FR,domestic,0.02,\n",
	} {
		if _, err := Parse(strings.NewReader(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	_, err := Parse(strings.NewReader(head + "33,FR,domestic,0.02,\n34,ES,cheap,0.02,\n"))
	if want := `read destination in line 3: unknown class "cheap"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestEveryCountryCodeHasARow(t *testing.T) {
	p := plan(t, "FR", "auto")
	for i := range p.lengths.codes {
		c := p.lengths.codes[i]
		digits := strconv.Itoa(1000 + i)[1:]
		if d, ok := p.table.Lookup(digits); c.code > 0 && (!ok || len(d.Prefix) < int(c.code)) {
			t.Errorf("got no row for country code %s", digits[:c.code])
		}
	}
}

func TestWords(t *testing.T) {
	for c := Domestic; c <= Unparsed; c++ {
		if got, ok := ParseClass(c.String()); !ok || got != c {
			t.Errorf("got %v for %q, want %d", got, c, c)
		}
	}
	if _, ok := ParseClass(""); ok {
		t.Error("the empty word is a class")
	}
	if got := Class(99).String() + Kind(99).String(); got != "" {
		t.Errorf("got %q for what is no class", got)
	}
	foreign := 0
	for c := Domestic; c <= Unparsed; c++ {
		if c.Foreign() {
			foreign++
		}
	}
	if foreign != 4 || !HighRisk.Foreign() || NationalPremium.Foreign() {
		t.Errorf("got %d foreign classes, want 4", foreign)
	}
}

func TestEveryHome(t *testing.T) {
	table, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	homes := 0
	for line := range strings.Lines(homesText()) {
		f := strings.Fields(line)
		homes++
		p, err := NewPlan(table, PlanConfig{Country: f[0]})
		if err != nil {
			t.Errorf("%s: %v", f[0], err)
			continue
		}
		for _, e := range append([]string{"112"}, list(f[7])...) {
			if n := p.Resolve(e, ""); n.Class != Emergency || n.Country != f[0] || n.Rate != 0 {
				t.Errorf("%s: got %+v for %s, want an emergency", f[0], n, e)
			}
		}
		if n := p.Resolve(p.home.international[0]+"13455550123", ""); n.E164 != "+13455550123" || n.Class != HighRisk {
			t.Errorf("%s: got %+v for the Cayman Islands", f[0], n)
		}
		if d, _ := table.Lookup(f[1]); f[0] != "CA" && p.Resolve("+"+f[1], "").Country != f[0] {
			t.Errorf("%s: got country %s for its own code", f[0], d.Country)
		}
	}
	if homes != 35 {
		t.Errorf("got %d homes, want 35", homes)
	}
}

func homesText() string { return strings.TrimSpace(homes) }

func TestUnknownHomeListsTheKnown(t *testing.T) {
	table, _ := Default()
	_, err := NewPlan(table, PlanConfig{Country: "XX"})
	if err == nil || !strings.Contains(err.Error(), `"XX"`) || !strings.Contains(err.Error(), "AT BE BG") || !strings.Contains(err.Error(), "US") {
		t.Errorf("got %v, want an error that lists the countries", err)
	}
	for _, prefix := range []string{"x", "12345", "+", "9 "} {
		if _, err := NewPlan(table, PlanConfig{OutsidePrefix: prefix}); err == nil {
			t.Errorf("no error for outside prefix %q", prefix)
		}
	}
}
