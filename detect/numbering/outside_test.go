package numbering

import "testing"

// A site in France whose telephones dial 8 for an outside line. Until three
// calls were seen from both sides, 8 0298123456 is a number of nobody.
func TestOutsidePrefixIsLearned(t *testing.T) {
	p := plan(t, "FR", "auto")
	if prefix, known := p.OutsidePrefix(); prefix != "" || known {
		t.Errorf("got %q, %v before any call", prefix, known)
	}
	short := func() Class { return p.Resolve("83615", "").Class }
	if got := short(); got != Internal {
		t.Errorf("got %s for 83615 at first, want internal", got)
	}
	for _, legs := range [][2]string{
		{"80123456789", "+33123456789"},
		{"80612345678", "0612345678"},
		{"alice", "0612345678"}, {"204", "204x"}, {"*21*0", "0"}, {"+33123456789", "0123456789"}, // teach nothing
		{"80612345678", "0798765432"}, // two calls that were joined wrongly
		{"83615", "3615"},
	} {
		p.ObserveOutside(legs[0], legs[1])
	}
	if prefix, known := p.OutsidePrefix(); prefix != "8" || !known {
		t.Errorf("got %q, %v, want 8", prefix, known)
	}
	if got := short(); got != NationalPremium {
		t.Errorf("got %s for 83615, want national_premium", got)
	}
	check(t, p, []want{
		{"80013455550123", "+13455550123", "KY", HighRisk, ReadInternational, "8"},
		{"815", "", "FR", Emergency, ReadEmergency, "8"},
		{"0123456789", "+33123456789", "FR", Domestic, ReadNational, ""},
		{"0013455550123", "+13455550123", "KY", HighRisk, ReadInternational, ""},
	})
}

// 0 0298123456 is Brittany behind a 0, or the Faroe Islands: only what was
// learned tells.
func TestLearnedPrefixDecidesBetweenReadings(t *testing.T) {
	p := plan(t, "FR", "auto")
	if n := p.Resolve("00298123456", ""); n.Country != "FO" {
		t.Errorf("got %+v at first, want the costlier reading", n)
	}
	for range 3 {
		p.ObserveOutside("00123456789", "33123456789")
	}
	if n := p.Resolve("00298123456", ""); n.E164 != "+33298123456" || n.Outside != "0" {
		t.Errorf("got %+v, want Brittany", n)
	}
}

// Where telephones dial as the trunk is sent, nothing is stripped as customary.
func TestNoPrefixIsLearnedToo(t *testing.T) {
	p := plan(t, "US", "auto")
	if n := p.Resolve("913455550123", ""); n.Outside != "9" {
		t.Errorf("got %+v at first, want a 9 stripped", n)
	}
	for range 3 {
		p.ObserveOutside("12025550123", "+12025550123")
	}
	if prefix, known := p.OutsidePrefix(); prefix != "" || !known {
		t.Errorf("got %q, %v, want none", prefix, known)
	}
	if n := p.Resolve("913455550123", ""); n.Country != "IN" {
		t.Errorf("got %+v, want India", n)
	}
}

func TestPrefixChangesWithTheDialPlan(t *testing.T) {
	p := plan(t, "FR", "auto")
	for range 1000 {
		p.ObserveOutside("00123456789", "0123456789")
	}
	for i := range 100 {
		if p.ObserveOutside("90123456789", "0123456789"); p.votes.winner == "9" {
			if i > maxVotes {
				t.Errorf("got the new prefix after %d calls", i)
			}
			return
		}
	}
	t.Error("the old prefix stayed")
}

func TestVotesAreBounded(t *testing.T) {
	p := plan(t, "FR", "auto")
	for i := range 10000 {
		digits := []byte("00000123456789")[4-i%5:]
		digits[0] = '1' + byte(i%9)
		p.ObserveOutside(string(digits), "0123456789")
		total := 0
		for _, e := range p.votes.entries {
			total += int(e.count)
		}
		if total > maxVotes {
			t.Fatalf("got %d votes, want at most %d", total, maxVotes)
		}
	}
}

func TestConfiguredPrefixIsNotLearnedAway(t *testing.T) {
	p := plan(t, "FR", "9")
	for range 10 {
		p.ObserveOutside("00123456789", "0123456789")
	}
	if prefix, known := p.OutsidePrefix(); prefix != "9" || !known {
		t.Errorf("got %q, %v, want 9", prefix, known)
	}
}

func TestLearnedPrefixComesBack(t *testing.T) {
	p, q := plan(t, "FR", "auto"), plan(t, "FR", "auto")
	for range 3 {
		p.ObserveOutside("00123456789", "0123456789")
	}
	b, err := p.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range b {
		if err := q.UnmarshalBinary(b[:cut]); err == nil {
			t.Errorf("no error for %d of %d bytes", cut, len(b))
		}
	}
	bad := append([]byte(nil), b...)
	bad[1] = 200
	if err := q.UnmarshalBinary(bad); err == nil {
		t.Error("no error for a prefix of 200 digits")
	}
	if _, known := q.OutsidePrefix(); known {
		t.Error("refused bytes changed the plan")
	}
	if err := q.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	if prefix, known := q.OutsidePrefix(); prefix != "0" || !known {
		t.Errorf("got %q, %v, want 0", prefix, known)
	}
}
