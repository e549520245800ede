package mask

import "testing"

var siteKey = []byte("the key of a site in Lyon")

// masked is what a mask makes of a value; "-" where it is left out.
func masked(mode Mode, apply func(*Masker, []byte, []byte) ([]byte, bool), value string) string {
	m := New(mode, siteKey)
	got, ok := apply(m, nil, []byte(value))
	if !ok {
		return "-"
	}
	return string(got)
}

func hashed(value string) string {
	m := New(Hashed, siteKey)
	return string(m.hash(nil, []byte(value)))
}

func TestMasks(t *testing.T) {
	sentence := func(m *Masker, dst, text []byte) ([]byte, bool) { return m.AppendSentence(dst, text, []byte("201")) }
	for _, c := range []struct {
		name             string
		apply            func(*Masker, []byte, []byte) ([]byte, bool)
		in, last4, keyed string
		none             string
	}{
		{"number", (*Masker).AppendNumber, "+33612345678", "+3361234****", hashed("+33612345678"), "-"},
		{"number", (*Masker).AppendNumber, "15", "**", hashed("15"), "-"},
		{"number", (*Masker).AppendNumber, "+1007", "+****", hashed("+1007"), "-"},
		{"range", (*Masker).AppendRange, "+33612345678", "+3361234", "+3361234", "+3361234"},
		{"range", (*Masker).AppendRange, "15", "-", "-", "-"},
		{"range", (*Masker).AppendRange, "+1007", "-", "-", "-"},
		{"user", (*Masker).AppendUser, "201", "201", hashed("201"), "-"},
		{"user", (*Masker).AppendUser, "alice", "alice", hashed("alice"), "-"},
		{"user", (*Masker).AppendUser, "0145678901", "014567****", hashed("0145678901"), "-"},
		{"user", (*Masker).AppendUser, "+1-201-555-0123", "+1-201-555-****", hashed("+1-201-555-0123"), "-"},
		{"user", (*Masker).AppendUser, "0145678901-12345", "014567****-12345", hashed("0145678901-12345"), "-"},
		{"user", (*Masker).AppendUser, "line33612345678x", "line3361234****x", hashed("line33612345678x"), "-"},
		{"address", (*Masker).AppendAddress, "192.0.2.1:5060", "192.0.2.1:5060", hashed("192.0.2.1") + ":5060", "-"},
		{"address", (*Masker).AppendAddress, "[2001:db8::1]:5060", "[2001:db8::1]:5060", hashed("2001:db8::1") + ":5060", "-"},
		{"Call-ID", (*Masker).AppendCallID, "0033612345678-7@192.0.2.1", "003361234****-7@192.0.2.1", hashed("0033612345678-7@192.0.2.1"), "-"},
		{"URI", (*Masker).AppendURI, "201@192.0.2.1", "201@192.0.2.1", hashed("201") + "@" + hashed("192.0.2.1"), "-"},
		{"URI", (*Masker).AppendURI, "sip:0145678901@[2001:db8::1]:5061;transport=tcp", "sip:014567****@[2001:db8::1]:5061;transport=tcp",
			"sip:" + hashed("0145678901") + "@" + hashed("2001:db8::1") + ":5061", "-"},
		{"URI", (*Masker).AppendURI, "sip:+1-201-555-0123@pbx.example", "sip:+1-201-555-****@pbx.example", "sip:" + hashed("+1-201-555-0123") + "@" + hashed("pbx.example"), "-"},
		{"URI", (*Masker).AppendURI, "tel:+33612345678", "tel:+3361234****", "tel:" + hashed("+33612345678"), "-"},
		{"sentence", sentence, "third call at once from 201 to +13459261234 (1 is usual)", "third call at once from 201 to +1345926**** (1 is usual)",
			"third call at once from " + hashed("201") + " to " + hashed("+13459261234") + " (1 is usual)", "third call at once from … to … (1 is usual)"},
		{"sentence", sentence, "192.0.2.1, which was seen before, logged in as extension 214; 7 calls of 1234 s for 123456 EUR",
			"192.0.2.1, which was seen before, logged in as extension 214; 7 calls of 1234 s for 123456 EUR",
			hashed("192.0.2.1") + ", which was seen before, logged in as extension " + hashed("214") + "; 7 calls of 1234 s for 123456 EUR",
			"…, which was seen before, logged in as extension …; 7 calls of 1234 s for 123456 EUR"},
		{"sentence", sentence, "this site's account 0145678901 at sip:x@203.0.113.5:5060, from 2001:db8::1", "this site's account 014567**** at sip:x@203.0.113.5:5060, from 2001:db8::1",
			"this site's account " + hashed("0145678901") + " at sip:" + hashed("x") + "@" + hashed("203.0.113.5") + ":5060, from " + hashed("2001:db8::1"),
			"this site's account … at …, from …"},
		{"user agent", sentence, "Yealink SIP-T46S 66.84.0.15 (c:00227901234567)", "Yealink SIP-T46S 66.84.0.15 (c:0022790123****)",
			"Yealink SIP-T46S " + hashed("66.84.0.15") + " (c:" + hashed("00227901234567") + ")", "Yealink SIP-T46S … (…)"},
	} {
		for mode, want := range map[Mode]string{HideLast4: c.last4, Hashed: c.keyed, None: c.none} {
			if got := masked(mode, c.apply, c.in); got != want {
				t.Errorf("%s %q, %s: got %q, want %q", c.name, c.in, mode, got, want)
			}
		}
		if got := masked(Full, c.apply, c.in); got != c.in && c.name != "range" {
			t.Errorf("%s %q, full: got %q", c.name, c.in, got)
		}
	}
}

// TestHashesNeedTheKey: sensors of one site share it and agree, all others differ,
// one that has none too.
func TestHashesNeedTheKey(t *testing.T) {
	of := func(key []byte) string {
		m := New(Hashed, key)
		return string(m.hash(nil, []byte("+33612345678")))
	}
	first, again, other := of(siteKey), of(siteKey), of([]byte("the key of a site in Nice"))
	if first != again {
		t.Errorf("the same key: got %s and %s, want one", first, again)
	}
	if own, third := of(nil), of(nil); first == other || own == third {
		t.Errorf("different keys: got %s and %s, %s and %s; want all different", first, other, own, third)
	}
}

func TestParse(t *testing.T) {
	for _, m := range []Mode{HideLast4, Full, Hashed, None} {
		if got, err := Parse(m.String()); got != m || err != nil {
			t.Errorf("%s: got %v, %v", m, got, err)
		}
	}
	for _, bad := range []string{"", "last4", "FULL"} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}
