package dialog

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// scan is a parsed message that stays valid.
func scan(tb testing.TB, way, what string, options ...string) (*sip.Message, Meta) {
	tb.Helper()
	text, meta := message(way, what, options)
	m := new(sip.Message)
	if !sip.Parse([]byte(text), m) {
		tb.Fatalf("not SIP: %q", text)
	}
	meta.Time = epoch
	return m, meta
}

// TestHalfOpenFlood: INVITEs that nobody answers push each other out, and never
// a call in progress.
func TestHalfOpenFlood(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Legs, cfg.Tombstones = 1000, 1000
	s := newStory(t, cfg)
	for i := range 400 {
		s.play(fmt.Sprintf("0 A>B INVITE id=call%d user=%d\n 1 B>A 200 id=call%d", i, 1000000+i, i))
	}
	s.events = nil
	ended, at := 0, epoch.Add(time.Second)
	var m sip.Message
	text, meta := message("E>B", "INVITE", []string{"id=XXXXXXXX", "sdp=4000"})
	const flood = 100_000
	for i := range flood {
		at = at.Add(time.Millisecond)
		meta.Time = at
		b := []byte(strings.Replace(text, "XXXXXXXX", fmt.Sprintf("%08d", i), 1))
		if !sip.Parse(b, &m) {
			t.Fatal("not SIP")
		}
		for _, e := range s.tr.Observe(&m, meta) {
			if e.Kind == call.EventEnded {
				ended++
				if e.Leg.State == call.Answered {
					t.Fatalf("call %s gave way to a leg that was not answered", e.Leg.CallID)
				}
			}
		}
		s.tr.Released()
		if i%1000 == 0 {
			for _, e := range s.tr.Advance(at) {
				if e.Kind == call.EventEnded {
					ended++
				}
			}
		}
	}
	c := s.tr.Counters()
	if c.Live != 1000 || s.tr.firm.n != 400 || c.LegsEvicted != flood-600 || ended != flood-600 {
		t.Errorf("got %d live, %d in progress, %d evicted, %d ended; want 1000, 400, %d, the same", c.Live, s.tr.firm.n, c.LegsEvicted, ended, flood-600)
	}
}

// TestFullOfCalls: when all there is are calls in progress, a new leg is
// refused, and said to be.
func TestFullOfCalls(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Legs = 3
	s := newStory(t, cfg)
	for i := range 5 {
		s.play(fmt.Sprintf("%d A>B INVITE id=call%d user=%d\n %d B>A 200 id=call%d", i, i, 1000000+i, i, i))
	}
	if c := s.tr.Counters(); c.Live != 3 || c.LegsRefused != 4 { // the INVITE and the 200 of two calls
		t.Errorf("got %d live, %d refused; want 3, 4", c.Live, c.LegsRefused)
	}
}

// TestOtherFloods: every other table keeps its cap and counts what it evicts.
func TestOtherFloods(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Transactions, cfg.Accounts, cfg.Failures, cfg.Sources, cfg.Tombstones = 50, 40, 30, 20, 10
	s := newStory(t, cfg)
	for i := range 300 {
		script := fmt.Sprintf("0 E>P OPTIONS id=o%d\n 0 A>P REGISTER id=r%d user=%d h:Contact=<sip:%d@a>\n 0 P>A 200/REGISTER id=r%d user=%d h:Contact=<sip:%d@a>\n"+
			"0 E>P REGISTER id=f%d user=f%d cred=1\n 0 P>E 403/REGISTER id=f%d user=f%d\n 0 A>P INVITE id=c%d user=%d\n 0 P>A 404 id=c%d user=%d",
			i, i, i, i, i, i, i, i, i, i, i, i, i, i, i)
		s.play(script)
		text, meta := message("E>P", "MESSAGE", []string{fmt.Sprint("id=m", i)})
		meta.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte{11, 0, byte(i >> 8), byte(i)}), 5060)
		meta.Time = epoch
		s.send(text, meta)
		text, meta = message("P>E", "200/MESSAGE", []string{fmt.Sprint("id=m", i)})
		meta.Time = epoch
		s.send(text, meta)
	}
	c := s.tr.Counters()
	if c.Transactions != 49 || c.Accounts != 40 || s.tr.failures.len() != 30 || s.tr.budgets.len() != 20 || c.Tombstones != 10 {
		t.Errorf("sizes: got %d, %d, %d, %d, %d; want 49 (one was answered), 40, 30, 20, 10",
			c.Transactions, c.Accounts, s.tr.failures.len(), s.tr.budgets.len(), c.Tombstones)
	}
	for what, n := range map[string]uint64{
		"transactions": c.TransactionsEvicted, "accounts": c.AccountsEvicted, "failures": c.FailuresEvicted,
		"sources": c.SourcesEvicted, "tombstones": c.TombsEvicted,
	} {
		if n < 200 {
			t.Errorf("%s: got %d evicted, want hundreds", what, n)
		}
	}
	var list strings.Builder
	for i := range 40 {
		fmt.Fprintf(&list, " h:Contact=<sip:%d@a>", i)
	}
	s.play("1 A>P REGISTER id=many user=many" + list.String())
	s.play("1 P>A 200/REGISTER id=many user=many" + list.String())
	if got := len(s.tr.accounts.m["many@pbx.example"].value.bindings); got != maxBindings {
		t.Errorf("bindings of one account: got %d, want %d", got, maxBindings)
	}
}

// TestLongTexts: what is kept of a message is bounded.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("x", 5000)
	s := play(t, "0 A>B INVITE id="+long+" from="+long+" user="+long+" by="+long+" h:User-Agent="+long+" branch="+long)
	l := s.events[0].Leg
	if n := len(l.CallID) + len(l.From.User) + len(l.To.User) + len(l.Request.User) + len(l.UserAgent); n != maxKey+4*maxText {
		t.Errorf("kept %d bytes, want %d", n, maxKey+4*maxText)
	}
	s.play("1 B>A 200 id=" + long + " from=" + long)
	s.want("attempt answered")
}

// TestSteadyPathAllocatesNothing: messages that change nothing.
func TestSteadyPathAllocatesNothing(t *testing.T) {
	s := play(t, "0 A>B INVITE sdp=4000 cred=101\n 0 B>A 180 sdp=5000\n 0 B>A 200 sdp=5000 h:Session-Expires=600\n 0 A>B ACK\n 1 A>B INFO cseq=2 type=application/dtmf\n 1 E>B BYE cseq=9\n"+
		"0 A>B INVITE id=c2\n 0 B>A 401 id=c2\n 0 A>B INVITE id=c3\n 0 B>A 486 id=c3\n 0 E>P OPTIONS id=o1\n")
	for _, c := range []struct {
		way, what string
		options   []string
	}{
		{"A>B", "INVITE", []string{"sdp=4000", "cred=101"}},
		{"B>A", "100", nil},
		{"B>A", "180", []string{"sdp=5000"}},
		{"B>A", "200", []string{"sdp=5000", "h:Session-Expires=600"}},
		{"A>B", "ACK", nil},
		{"A>B", "INVITE", []string{"cseq=5", "to=b", "sdp=4000"}},
		{"B>A", "200", []string{"cseq=5", "sdp=5000"}},
		{"A>B", "OPTIONS", []string{"to=b", "cseq=3"}},
		{"B>A", "200/OPTIONS", []string{"cseq=3"}},
		{"A>B", "INFO", []string{"cseq=2", "type=application/dtmf"}},
		{"E>B", "BYE", []string{"cseq=9"}},
		{"A>B", "INVITE", []string{"id=c2"}},
		{"B>A", "401", []string{"id=c2"}},
		{"A>B", "INVITE", []string{"id=c3"}},
		{"B>A", "486", []string{"id=c3"}},
		{"E>P", "OPTIONS", []string{"id=o1"}},
		{"P>E", "100/OPTIONS", []string{"id=o1"}},
		{"P>E", "404", []string{"id=nobody"}},
	} {
		m, meta := scan(t, c.way, c.what, c.options...)
		s.tr.Observe(m, meta)
		if n := testing.AllocsPerRun(100, func() {
			if len(s.tr.Observe(m, meta)) != 0 {
				t.Errorf("%s %v: got events, want none", c.what, c.options)
			}
		}); n != 0 {
			t.Errorf("%s %s %v: got %v allocations, want 0", c.way, c.what, c.options, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		s.tr.ObserveMedia(MediaActivity{Leg: 1, Last: epoch, Caller: epoch})
		s.tr.Advance(epoch)
	}); n != 0 {
		t.Errorf("a second of time: got %v allocations, want 0", n)
	}
}

// BenchmarkSteady is a retransmitted 200 with its description.
func BenchmarkSteady(b *testing.B) {
	s := play(b, established)
	m, meta := scan(b, "B>A", "200", "sdp=5000")
	b.ReportAllocs()
	for b.Loop() {
		s.tr.Observe(m, meta)
	}
}

// BenchmarkCall is a whole call, seven messages and its five events, scanning
// not included; 10,000 others are in progress.
func BenchmarkCall(b *testing.B) {
	s := newStory(b, DefaultConfig())
	for i := range 10000 {
		s.play(fmt.Sprintf("0 A>B INVITE id=other%d user=%d\n 0 B>A 200 id=other%d", i, 1000000+i, i))
	}
	const n = 512
	type observed struct {
		m    *sip.Message
		meta Meta
	}
	var calls [n][]observed
	for i := range calls {
		id := fmt.Sprint("id=call", i)
		for _, line := range [][]string{
			{"A>B", "INVITE", id, "sdp=4000", fmt.Sprint("user=00", 33000000+i)}, {"B>A", "100", id}, {"B>A", "180", id},
			{"B>A", "200", id, "sdp=5000"}, {"A>B", "ACK", id}, {"A>B", "BYE", id, "cseq=2"}, {"B>A", "200/BYE", id, "cseq=2"},
		} {
			m, meta := scan(b, line[0], line[1], line[2:]...)
			calls[i] = append(calls[i], observed{m, meta})
		}
	}
	now := epoch
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%n == 0 {
			now = now.Add(time.Minute)
			s.tr.Advance(now)
		}
		for _, o := range calls[i%n] {
			o.meta.Time = now
			s.tr.Observe(o.m, o.meta)
			s.tr.Endpoints()
		}
		s.tr.Released()
	}
}
