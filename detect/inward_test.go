package detect

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// visit is a call from outside.
type visit struct {
	at      time.Time
	from    string // E.164; empty when withheld
	to      string // as the operator sends it; empty: the company's number
	phone   int    // where it rings; 0: the PBX takes it itself
	keys    string
	ring    time.Duration
	talk    time.Duration // 0: the caller gives up
	mailbox bool          // the telephone does not answer, its mailbox does
	byPBX   bool          // who is called ends it
}

// come writes the visit's events, and returns its leg by the trunk.
func (s *script) come(v visit) *call.Leg {
	s.call++
	cli := v.from
	if cli == "" {
		cli = "anonymous"
	}
	to := v.to
	if to == "" {
		to = "+33145670000"
	}
	in := s.newLeg(plot{}, trunkAddr, pbxAddr, cli, to)
	if s.view == bothLegs && v.phone > 0 {
		l := s.newLeg(plot{}, pbxAddr, phoneAddr(v.phone), cli, fmt.Sprint(v.phone))
		talk := v.talk
		if v.mailbox {
			talk = 0
		}
		s.life(l, plot{at: v.at.Add(10 * time.Millisecond), ring: v.ring, talk: talk}, 0)
	}
	s.life(in, plot{at: v.at, ring: v.ring, talk: v.talk}, 0)
	if v.byPBX {
		s.events[len(s.events)-1].Leg.EndBy = call.Callee
	}
	for i, key := range v.keys {
		at := v.at.Add(v.ring + time.Second + time.Duration(i)*400*time.Millisecond)
		s.events = append(s.events, call.Event{Kind: call.EventDTMF, Time: at, Leg: in, Separator: key == '*' || key == '#'})
	}
	return in
}

// passOn writes the leg by which the site passes a call on; joined is the call that
// the decoder saw it belongs to, 0 for none.
func (s *script) passOn(at time.Time, number string, joined call.ID, diversion string) {
	s.call++
	l := s.newLeg(plot{}, pbxAddr, trunkAddr, "+33145670204", "+"+number)
	l.Diversion = diversion
	if joined != 0 {
		l.Call = joined
	}
	s.life(l, plot{at: at, ring: 2 * time.Second, talk: time.Minute}, 0)
}

// settled is an engine that knows its site, and when.
func settled(t *testing.T, v view) (*Engine, *script, time.Time) {
	t.Helper()
	s, at := afterTwoWeeks(v, 5)
	e := newEngine(t)
	play(e, s.sorted(), at)
	return e, &script{view: v, call: 100000, leg: 100000}, at
}

func schemes(alerts []Alert) (told []string) {
	for _, a := range alerts {
		if a.Event == Opened || a.Event == Raised {
			told = append(told, fmt.Sprint(a.Scheme, " ", a.Level))
		}
	}
	return told
}

const (
	caymanNumber = "13459491234"
	homeCaller   = "+33199001234"
)

// TestMailboxThenForward: PINs are tried at night, a forward is set, and then
// the calls come. The first of them pages, and names the forward as its origin.
func TestMailboxThenForward(t *testing.T) {
	for _, v := range []view{bothLegs, trunkAlone} {
		e, s, at := settled(t, v)
		for i := range 3 {
			s.come(visit{at: at.Add(time.Duration(i) * time.Minute), from: homeCaller, phone: 204, keys: "*0000#1234#1111#", ring: 20 * time.Second, talk: 25 * time.Second, mailbox: true})
		}
		alerts := play(e, s.sorted(), at.Add(10*time.Minute))
		if got := fmt.Sprint(schemes(alerts)); got != "[voicemail watch]" {
			t.Fatalf("%s: got %s after three calls that try PINs, want one watch", v, got)
		}
		if a := alerts[0]; a.Calls != 0 || len(a.CallIDs) == 0 || a.Extension == "" {
			t.Errorf("%s: got extension %q, %d call IDs, want the mailbox and the call", v, a.Extension, len(a.CallIDs))
		}
		s.events = nil
		if v == bothLegs {
			s.call++
			l := s.newLeg(plot{}, phoneAddr(204), pbxAddr, "204", "*21*000"+caymanNumber+"#")
			s.life(l, plot{at: at.Add(15 * time.Minute), ring: 100 * time.Millisecond, talk: 3 * time.Second}, 0)
			if got := fmt.Sprint(schemes(play(e, s.sorted(), at.Add(20*time.Minute)))); got != "[forwarding critical]" {
				t.Fatalf("got %s for a forward to the Cayman Islands, want a page", got)
			}
			s.events = nil
		}
		in := s.come(visit{at: at.Add(time.Hour), from: "+33199005678", ring: 3 * time.Second, talk: time.Minute})
		s.passOn(at.Add(time.Hour+20*time.Millisecond), caymanNumber, in.Call, "+33145670204")
		a, ok := firstPage(play(e, s.sorted(), at.Add(2*time.Hour)))
		if !ok || a.Calls != 1 || a.Scheme != Forwarding || a.Level != Critical {
			t.Fatalf("%s: got %s %s at call %d, want forwarding critical at the first", v, a.Scheme, a.Level, a.Calls)
		}
		if v == bothLegs && (len(a.Chain) == 0 || a.Chain[0].Scheme != Forwarding || a.Chain[0].Extension != "204") {
			t.Errorf("got chain %+v, want the forward of 204 first", a.Chain)
		}
	}
}

// TestKeysThatAreNoGuess: menus, a conference's PIN, and a customer number that
// was mistyped once.
func TestKeysThatAreNoGuess(t *testing.T) {
	for _, keys := range []string{"1234", "*", "4711#", "4711#0815#", "12345678#1", "1#2#3#1#2#", "123456789012#123456789012#123456789012#"} {
		e, s, at := settled(t, bothLegs)
		s.come(visit{at: at, from: homeCaller, keys: keys, ring: 2 * time.Second, talk: time.Minute})
		if got := schemes(play(e, s.sorted(), at.Add(time.Hour))); len(got) > 0 {
			t.Errorf("keys %s: got %v, want none", keys, got)
		}
	}
}

// TestShortCallsToMailboxes: ten a day of one caller are a watch; those of many
// callers, or that a person answers, are not.
func TestShortCallsToMailboxes(t *testing.T) {
	for _, c := range []struct {
		name    string
		from    func(i int) string
		mailbox bool
		want    int
	}{
		{"one caller", func(int) string { return homeCaller }, true, 1},
		{"many callers", func(i int) string { return fmt.Sprintf("+3319900%04d", i) }, true, 0},
		{"withheld, without a key", func(int) string { return "" }, true, 0},
		{"a person answers", func(int) string { return homeCaller }, false, 0},
	} {
		e, s, at := settled(t, bothLegs)
		for i := range 12 {
			s.come(visit{at: at.Add(time.Duration(i) * 20 * time.Minute), from: c.from(i), phone: 204, ring: 20 * time.Second, talk: 10 * time.Second, mailbox: c.mailbox})
		}
		if got := schemes(play(e, s.sorted(), at.Add(12*time.Hour))); len(got) != c.want {
			t.Errorf("%s: got %v, want %d alerts", c.name, got, c.want)
		}
	}
}

// TestWaysOn: what a call from outside may go on by, and whereto.
func TestWaysOn(t *testing.T) {
	const germany, mobile, customer = "4930123456", "33612345678", "13459490001"
	for _, c := range []struct {
		how, number string
		joined      bool
		want        string // scheme and level of the first page; empty for none
	}{
		{"keys", caymanNumber, true, "voicemail critical"},
		{"keys", caymanNumber, false, "voicemail critical"},
		{"keys", mobile, true, ""},
		{"diversion", caymanNumber, true, "forwarding critical"},
		{"diversion", germany, true, ""},
		{"diversion", mobile, true, ""},
		{"diversion", customer, true, ""},
		{"302", caymanNumber, true, "forwarding critical"},
		{"302", caymanNumber, false, "forwarding critical"},
		{"302", customer, false, ""},
		{"refer", caymanNumber, true, "transfer critical"},
		{"refer", caymanNumber, false, "transfer critical"},
		{"refer", germany, false, ""},
	} {
		for _, v := range []view{bothLegs, trunkAlone} {
			e, s, at := settled(t, v)
			for d := range 4 { // the site calls its customer itself
				s.add(plot{at: at.AddDate(0, 0, d), extension: 202, number: customer, ring: 2 * time.Second, talk: time.Minute})
			}
			at = at.AddDate(0, 0, 6)
			play(e, s.sorted(), at)
			s.events = nil
			wayOn(s, at, c.how, c.number, c.joined)
			a, ok := firstPage(play(e, s.sorted(), at.Add(time.Hour)))
			if got := fmt.Sprint(a.Scheme, " ", a.Level); ok != (c.want != "") || ok && (got != c.want || a.Calls != 1) {
				t.Errorf("%s to %s, joined %v, %s: got page %v %q at call %d, want %q at the first: %+v", c.how, c.number, c.joined, v, ok, got, a.Calls, c.want, a.Reasons)
			}
			if _, score := a.Decision.Recompute(); ok && score != a.Score {
				t.Errorf("%s to %s: got score %v from the stored inputs, want %v", c.how, c.number, score, a.Score)
			}
		}
	}
}

// wayOn is one call from outside that goes on.
func wayOn(s *script, at time.Time, how, number string, joined bool) {
	v := visit{at: at, from: homeCaller, ring: 2 * time.Second, talk: 5 * time.Minute}
	next, diversion, target := at.Add(30*time.Second), "", ""
	if how == "keys" {
		v.keys = "*1234#0" + national(number)
		next = at.Add(v.ring + time.Second + time.Duration(len(v.keys)+3)*400*time.Millisecond)
	}
	in := s.come(v)
	kind := call.EventTransfer
	switch how {
	case "diversion":
		diversion = "+33145670204"
	case "302":
		kind, target = call.EventForwarded, national(number)
	case "refer":
		target = national(number)
	}
	if target != "" {
		s.events = append(s.events, call.Event{Kind: kind, Time: next.Add(-time.Second), Leg: in, Target: target})
	}
	id := in.Call
	if !joined {
		id = 0
	}
	s.passOn(next, number, id, diversion)
}

// TestDiversionOfACallThatWasDialled: a PBX that puts a Diversion on the calls of
// its people forwards nothing.
func TestDiversionOfACallThatWasDialled(t *testing.T) {
	e, s, at := settled(t, bothLegs)
	s.add(plot{at: at, extension: 204, number: "4930123456", ring: time.Second, talk: time.Minute})
	for i := range s.events {
		if l := s.events[i].Leg; l.Dst == trunkAddr {
			l.Diversion = "+33145670204"
		}
	}
	for _, ev := range s.sorted() {
		r := e.Observe(ev)
		if d := r.Verdict.Decision; d != nil && d.Inputs.Forwarded {
			t.Fatalf("got a forward, want a call that 204 dialled: %+v", d.Inputs)
		}
	}
}

// TestWangiri: three calls from Latvia that ring once are a notice, however many
// follow; whoever calls back is told.
func TestWangiri(t *testing.T) {
	e, s, at := settled(t, bothLegs)
	for i := range 20 {
		s.come(visit{at: at.Add(time.Duration(i) * time.Hour / 4), from: fmt.Sprintf("+37167%06d", 100+i), phone: 201 + i%12, ring: 3 * time.Second})
	}
	if got := fmt.Sprint(schemes(play(e, s.sorted(), at.Add(20*time.Hour)))); got != "[wangiri notice]" {
		t.Fatalf("got %s for bait from Latvia, want one notice", got)
	}
	s.events = nil
	s.add(plot{at: at.Add(24 * time.Hour), extension: 204, number: "37167000105", ring: time.Second, talk: time.Minute})
	told := false
	for _, ev := range s.sorted() {
		for _, r := range e.Observe(ev).Verdict.Reasons {
			told = told || r.Rule == "call_back"
		}
	}
	if !told {
		t.Error("got no reason call_back for a call to a number that rang once yesterday, want one")
	}
}

// TestNoBait: too few, from home, or that ring as people let it ring.
func TestNoBait(t *testing.T) {
	for _, c := range []struct {
		from  string
		calls int
		ring  time.Duration
	}{{"+37167000100", 2, 3 * time.Second}, {homeCaller, 9, 3 * time.Second}, {"+37167000100", 9, 15 * time.Second}} {
		e, s, at := settled(t, bothLegs)
		for i := range c.calls {
			s.come(visit{at: at.Add(time.Duration(i) * time.Minute), from: c.from, phone: 204, ring: c.ring})
		}
		if got := schemes(play(e, s.sorted(), at.Add(2*time.Hour))); len(got) > 0 {
			t.Errorf("%d calls of %s that ring %s: got %v, want none", c.calls, c.from, c.ring, got)
		}
	}
}

// TestPumping: a toll-free number is called by machines: a watch at the eighth
// call, a page after an hour's worth.
func TestPumping(t *testing.T) {
	for _, c := range []struct {
		name string
		to   string
		talk func(i int) time.Duration
		from func(i int) string
		own  bool // the PBX ends the calls
		want string
	}{
		{"machines", "+33805123456", even60, everOther, false, "[toll_fraud watch toll_fraud major]"},
		{"people", "+33805123456", func(i int) time.Duration { return time.Duration(30+i*37%200) * time.Second }, everOther, false, "[]"},
		{"one caller", "+33805123456", even60, func(int) string { return homeCaller }, false, "[]"},
		{"the announcement ends", "+33805123456", even60, everOther, true, "[]"},
		{"not toll-free", "+33145670000", even60, everOther, false, "[]"},
	} {
		e, s, at := settled(t, trunkAlone)
		for i := range 70 {
			s.come(visit{at: at.Add(time.Duration(i) * 30 * time.Second), from: c.from(i), to: c.to, ring: 2 * time.Second, talk: c.talk(i), byPBX: c.own})
		}
		if got := fmt.Sprint(schemes(play(e, s.sorted(), at.Add(3*time.Hour)))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func even60(int) time.Duration { return time.Minute }

func everOther(i int) string { return fmt.Sprintf("+3319900%04d", i*71%10000) }
