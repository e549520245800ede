package detect

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// known lets the site's telephones log in, so that the PBX is known.
func (s *script) known() {
	for x := 201; x < 213; x++ {
		s.binding(monday, phoneAddr(x), x, call.BindingNew)
	}
}

// message is a request outside calls, and its answer.
func (s *script) message(at time.Time, src netip.AddrPort, method, user string, status int, agent string) {
	s.events = append(s.events, call.Event{Kind: call.EventMessage, Time: at, Message: &call.Message{
		Src: src, Dst: pbxAddr, Transport: call.UDP, Method: method, Status: status, User: user, UserAgent: agent}})
}

// door is an INVITE to the PBX, which refuses it, or has it ring when status is 0.
func (s *script) door(at time.Time, src netip.AddrPort, from, dialled, login string, status int) *call.Leg {
	s.call++
	l := s.newLeg(plot{}, src, pbxAddr, from, dialled)
	l.Start = at
	s.tell(call.EventAttempt, at, l)
	l.HeardOther, l.AuthUser, l.Credentials, l.Challenged = true, login, login != "", login != "" || status == 401
	s.tell(call.EventProgress, at.Add(5*time.Millisecond), l)
	if status == 0 {
		return l
	}
	l.Status, l.State, l.End = status, call.Rejected, at.Add(10*time.Millisecond)
	s.tell(call.EventEnded, l.End, l)
	return l
}

// goesOn sends the call of a leg on to the trunk, where it is answered.
func (s *script) goesOn(in *call.Leg, number string) {
	out := s.newLeg(plot{}, pbxAddr, trunkAddr, "+33145670000", number)
	out.Start = in.Start.Add(20 * time.Millisecond)
	s.tell(call.EventAttempt, out.Start, out)
	for _, l := range []*call.Leg{out, in} {
		l.HeardOther, l.Ringing = true, in.Start.Add(time.Second)
		s.tell(call.EventRinging, l.Ringing, l)
		l.State, l.Status, l.Answer = call.Answered, 200, in.Start.Add(2*time.Second)
		s.tell(call.EventAnswered, l.Answer, l)
		l.End = in.Start.Add(12 * time.Second)
		s.tell(call.EventEnded, l.End, l)
	}
}

// heard is the scheme and level of each alert that somebody was told, in order.
func (s *script) heard(t *testing.T) string {
	t.Helper()
	var words []string
	for _, a := range s.told(t) {
		words = append(words, a.Scheme.String(), a.Level.String())
	}
	return strings.Join(words, " ")
}

// told plays the script and gives the changes of incidents of no calls.
func (s *script) told(t *testing.T) (signs []Alert) {
	t.Helper()
	events := s.sorted()
	for _, a := range play(newEngine(t), events, events[len(events)-1].Time.Add(time.Minute)) {
		if a.Decision.Signs == nil || a.Event != Opened && a.Event != Raised {
			continue
		}
		if _, score := a.Decision.Recompute(); score != a.Score {
			t.Errorf("%s: got score %v from the stored signs, want %v", a.Scheme, score, a.Score)
		}
		signs = append(signs, a)
	}
	return signs
}

// another stranger of many.
func another(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)}), 5060)
}

// TestScanners: what strangers try is one incident, of the level of the worst,
// and pages nobody.
func TestScanners(t *testing.T) {
	begin := monday.Add(time.Hour)
	for _, c := range []struct {
		name string
		tell func(s *script)
		want string // scheme and level of each change
	}{
		{"a monitor asks for one user, twice a minute", func(s *script) {
			for i := range 60 {
				s.message(begin.Add(time.Duration(i)*30*time.Second), thief, "OPTIONS", "ping", 200, "monitor")
			}
		}, ""},
		{"a gateway logs in its lines", func(s *script) {
			for i := range 24 {
				s.message(begin.Add(time.Duration(i)*10*time.Millisecond), thief, "REGISTER", fmt.Sprint(300+i), 401, "gateway")
			}
			for i := range 24 {
				s.binding(begin.Add(time.Second+time.Duration(i)*10*time.Millisecond), thief, 300+i, call.BindingNew)
			}
		}, ""},
		{"a telephone watches many lines", func(s *script) {
			for i := range 40 {
				s.message(begin, phoneAddr(204), "OPTIONS", fmt.Sprint(201+i), 404, "")
			}
		}, ""},
		{"a scanner says its name", func(s *script) {
			for i := range 6 {
				s.message(begin.Add(time.Duration(i)*5*time.Second), thief, "OPTIONS", "100", 200, "Friendly-Scanner")
			}
		}, "scan notice"},
		{"a scanner says its name, and is done in a second", func(s *script) {
			for i := range 6 {
				s.message(begin.Add(time.Duration(i)*100*time.Millisecond), thief, "OPTIONS", "100", 404, "friendly-scanner")
			}
		}, "scan notice"},
		{"some users", func(s *script) {
			for i := range 12 {
				s.message(begin.Add(time.Duration(i)*2*time.Second), thief, "REGISTER", fmt.Sprint(100+i), 401, "")
			}
		}, "enumeration notice"},
		{"many users, by INVITE, slower than ten minutes", func(s *script) {
			for i := range 12 {
				s.door(begin.Add(time.Duration(i)*5*time.Minute), thief, "100", fmt.Sprint(100+i), "", 404)
			}
		}, ""},
		{"many users", func(s *script) {
			for i := range 100 {
				s.door(begin.Add(time.Duration(i)*time.Second), thief, "100", fmt.Sprint(100+i), "", 401+3*(i%2))
			}
		}, "enumeration notice enumeration watch"},
		{"many sources", func(s *script) {
			for i := range 2000 {
				s.message(begin.Add(time.Duration(i)*100*time.Millisecond), another(i%100), "REGISTER", fmt.Sprint(100+i), 404, "")
			}
		}, "enumeration notice"},
		{"a flood from everywhere", func(s *script) {
			for i := range 20_000 {
				s.message(begin.Add(time.Duration(i)*5*time.Millisecond), another(i), "OPTIONS", "100", 200, "")
			}
		}, "flood watch"},
		{"a password from everywhere", func(s *script) {
			for i := range 30 {
				s.binding(begin.Add(time.Duration(i)*time.Minute), another(i), 204, call.BindingRefused)
			}
		}, "brute_force watch"},
		{"a forgotten password at a telephone", func(s *script) {
			for i := range 30 {
				s.binding(begin.Add(time.Duration(i)*time.Minute), phoneAddr(204), 204, call.BindingRefused)
			}
		}, ""},
	} {
		s := &script{}
		s.known()
		c.tell(s)
		if g := s.heard(t); g != c.want {
			t.Errorf("%s: got %q, want %q", c.name, g, c.want)
		}
	}
}

// TestLeak: the alert says that the PBX tells who exists.
func TestLeak(t *testing.T) {
	s := &script{}
	s.known()
	for i := range 40 {
		s.message(monday.Add(time.Duration(i)*time.Second), thief, "REGISTER", fmt.Sprint(100+i), 401+3*(i%2), "")
	}
	alerts := s.told(t)
	if last := len(alerts) - 1; last < 0 || !strings.Contains(alerts[last].Reasons[0].Text, "the PBX tells which of them exist") {
		t.Errorf("got %+v, want the leak in the reason", alerts)
	}
}

// TestScannerLogsIn: it needs no wrong password, by REGISTER or by INVITE. Nor
// does one of many that guessed.
func TestScannerLogsIn(t *testing.T) {
	at := monday.Add(time.Hour)
	for name, tell := range map[string]func(s *script){
		"REGISTER": func(s *script) { s.binding(at.Add(time.Hour), thief, 204, call.BindingNew) },
		"INVITE": func(s *script) {
			s.goesOn(s.door(at.Add(time.Hour), thief, "204", "0013459491234", "204", 0), "+13459491234")
		},
	} {
		s := &script{}
		s.known()
		for i := range 20 {
			s.message(at.Add(time.Duration(i)*time.Second), thief, "REGISTER", fmt.Sprint(100+i), 404, "")
		}
		tell(s)
		alerts := s.told(t)
		if last := alerts[len(alerts)-1]; last.Scheme != AccountTakeover || last.Level != Critical || last.Extension != "204" {
			t.Errorf("%s: got %s of level %s, want a critical account_takeover", name, last.Scheme, last.Level)
		}
	}
	s := &script{}
	s.known()
	for i := range 60 {
		s.binding(at.Add(time.Duration(i)*time.Minute), another(i%30), 204, call.BindingRefused)
	}
	s.binding(at.Add(2*time.Hour), another(3), 204, call.BindingNew)
	alerts := s.told(t)
	if last := alerts[len(alerts)-1]; last.Scheme != AccountTakeover || last.Level != Critical {
		t.Errorf("got %s of level %s after 60 guesses of 30 sources, want a critical account_takeover", last.Scheme, last.Level)
	}
}

// prefixed dials one number behind the first of these, as thieves do.
var prefixed = []string{"0022790123456", "90022790123456", "900022790123456", "801122790123456", "+22790123456", "922790123456"}

// TestProbing: three prefixes before one number.
func TestProbing(t *testing.T) {
	at := monday.Add(time.Hour)
	every := func(gap time.Duration, src netip.AddrPort, login string, status int, numbers ...string) func(s *script) {
		return func(s *script) {
			for i, n := range numbers {
				s.door(at.Add(time.Duration(i)*gap), src, "204", n, login, status)
			}
		}
	}
	for _, c := range []struct {
		name string
		tell func(s *script)
		want string
	}{
		{"a stranger, two prefixes", every(time.Second, thief, "", 401, prefixed[:2]...), ""},
		{"a stranger", every(time.Second, thief, "", 401, prefixed...), "probing watch"},
		{"a stranger who waits", every(11*time.Minute, thief, "", 401, prefixed...), ""},
		{"a telephone", every(time.Second, phoneAddr(204), "204", 404, prefixed[:3]...), "probing major"},
		{"with its password, from elsewhere", every(time.Second, thief, "204", 503, prefixed[:3]...), "probing major"},
		{"ways to write a number", every(time.Second, phoneAddr(204), "204", 404, "0022790123456", "+22790123456", "22790123456"), ""},
		{"a telephone whose calls nobody takes", every(time.Second, phoneAddr(204), "204", 486, prefixed...), ""},
		{"other numbers each time", every(time.Second, phoneAddr(204), "204", 404, "0022790123456", "90022790123457", "900022790123458"), ""},
		{"a stranger who is served at last", func(s *script) {
			every(time.Second, thief, "", 404, prefixed[:3]...)(s)
			s.goesOn(s.door(at.Add(time.Minute), thief, "204", prefixed[3], "", 0), "+22790123456")
		}, "probing watch probing critical open_relay critical"},
	} {
		s := &script{}
		s.known()
		c.tell(s)
		if g := s.heard(t); g != c.want {
			t.Errorf("%s: got %q, want %q", c.name, g, c.want)
		}
	}
}

// TestOpenRelay: the PBX serves who has no place there.
func TestOpenRelay(t *testing.T) {
	at := monday.Add(time.Hour)
	abroad := func(s *script, at time.Time, src netip.AddrPort, login string) {
		s.goesOn(s.door(at, src, "100", "0022790123456", login, 0), "+22790123456")
	}
	for _, c := range []struct {
		name string
		tell func(s *script)
		want string
	}{
		{"a stranger's call abroad goes on", func(s *script) { abroad(s, at, thief, "") }, "open_relay critical"},
		{"with a password", func(s *script) { abroad(s, at, thief, "204") }, ""},
		{"from a telephone", func(s *script) { abroad(s, at, phoneAddr(204), "") }, ""},
		{"a telephone elsewhere, which logged in", func(s *script) {
			s.binding(at.Add(-time.Minute), thief, 204, call.BindingNew)
			abroad(s, at, thief, "")
		}, ""},
		{"a branch that is let in by its address", func(s *script) {
			for i := range 3 {
				s.goesOn(s.door(at.Add(time.Duration(i-5)*time.Minute), thief, "100", "0612345678", "", 0), "+33612345678")
			}
			abroad(s, at, thief, "")
		}, ""},
		{"an operator's call that is forwarded abroad", func(s *script) {
			s.goesOn(s.door(at, thief, "+33612345678", "+33145670000", "", 0), "+22790123456")
		}, ""},
		{"an announcement for strangers", func(s *script) {
			for i := range 5 {
				l := s.door(at.Add(time.Duration(i)*time.Minute), thief, "100", fmt.Sprint("002279012345", i), "", 0)
				l.State, l.Status, l.Answer, l.End = call.Answered, 200, l.Start.Add(time.Second), l.Start.Add(20*time.Second)
				s.tell(call.EventAnswered, l.Answer, l)
				s.tell(call.EventEnded, l.End, l)
			}
		}, ""},
		{"long talks, of which the tap sees half", func(s *script) {
			for i := range 3 {
				l := s.door(at.Add(time.Duration(i)*time.Minute), thief, "100", fmt.Sprint("002279012345", i), "", 0)
				l.State, l.Status, l.Answer, l.End = call.Answered, 200, l.Start.Add(time.Second), l.Start.Add(5*time.Minute)
				s.tell(call.EventAnswered, l.Answer, l)
				s.tell(call.EventEnded, l.End, l)
			}
		}, "open_relay critical"},
	} {
		s := &script{}
		s.known()
		c.tell(s)
		if g := s.heard(t); g != c.want {
			t.Errorf("%s: got %q, want %q", c.name, g, c.want)
		}
	}
}

// TestRefusedStrangersAreNoCalls: what strangers dial and do not get is no fraud
// at this site, and a theft at the same time is told by itself.
func TestRefusedStrangersAreNoCalls(t *testing.T) {
	at := monday.Add(26 * time.Hour)
	s := &script{}
	s.known()
	s.readingA(at, 6, 204, 1)
	alone, woken := firstPage(play(newEngine(t), s.sorted(), time.Time{}))
	for i := range 600 {
		s.door(at.Add(time.Duration(i-300)*100*time.Millisecond), another(i%50), "100", fmt.Sprint("00970591234", 100+i%100), "", 401)
	}
	got, _ := firstPage(play(newEngine(t), s.sorted(), time.Time{}))
	if !woken || got.Time != alone.Time || got.Calls != alone.Calls || got.Extension != "204" || got.Score != alone.Score {
		t.Errorf("got %+v among strangers, want %+v", got, alone)
	}
}

// TestStrangersAllocateNothing once they are told of.
func TestStrangersAllocateNothing(t *testing.T) {
	e, s := newEngine(t), &script{}
	s.known()
	for i := range 300 {
		s.message(monday.Add(time.Minute+time.Duration(i)*100*time.Millisecond), thief, "REGISTER", fmt.Sprint(i), 404, "")
	}
	events := s.sorted()
	play(e, events, time.Time{})
	last := events[len(events)-1]
	if n := testing.AllocsPerRun(1000, func() { e.Observe(last) }); n != 0 {
		t.Errorf("got %v allocations for a stranger's message, want 0", n)
	}
}
