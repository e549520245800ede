package dialog

import (
	"fmt"
	"testing"
	"time"
)

// established is a call between A and B that was answered at 1.
const established = `
	0 A>B INVITE
	1 B>A 200
	1 A>B ACK
`

// TestByes: who may end a call, and when.
func TestByes(t *testing.T) {
	for _, c := range []struct{ name, script, leg string }{
		{"by the caller", `5 A>B BYE cseq=2`, "answered 200 caller 4 5"},
		{"by the callee", `5 B>A BYE from=b to=a`, "answered 200 callee 4 5"},
		{"by a third party that guessed a tag", `5 E>B BYE cseq=2 to=guess`, "answered 200 none 0 live"},
		{"by a third party, refused", "5 E>B BYE cseq=2 to=guess\n 5.1 B>E 481/BYE cseq=2 to=guess\n 60 tick", "answered 200 none 0 live"},
		{"by a third party that knows the tags, challenged", "5 E>B BYE cseq=2\n 5.1 B>E 401/BYE cseq=2\n 20 tick", "answered 200 none 0 live"},
		{"by a third party that knows the tags, media goes on", "4 media c1\n 5 E>B BYE cseq=2\n 30 media c1\n 50 tick", "answered 200 none 0 live"},
		{"from another address, answered", "5 E>B BYE cseq=2\n 6 B>E 200/BYE cseq=2", "answered 200 caller 4 5"},
		{"from another address, its answer lost", "4 media c1\n 5 E>B BYE cseq=2\n 40 tick", "answered 200 caller 4 5"},
		{"answered by who has no part", "5 E>B BYE cseq=2 to=guess\n 6 F>E 200/BYE cseq=2 to=guess", "answered 200 none 0 live"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, established+c.script)
			s.flush()
			s.wantLeg("c1", c.leg)
			if got := s.tr.Counters(); got.Opened != 1 || got.Ended != 1 {
				t.Errorf("got %d opened, %d ended; want 1, 1", got.Opened, got.Ended)
			}
		})
	}
}

// TestLostEnds: a call whose BYE was not seen ends all the same, when the last
// sign of life says.
func TestLostEnds(t *testing.T) {
	for _, c := range []struct{ name, script, leg string }{
		{"media stops", "2 media c1\n 100 media c1\n 200 tick", "answered 200 none 99 100"},
		{"media goes on", "2 media c1\n 180 media c1\n 200 tick", "answered 200 none 0 live"},
		{"on hold", "2 media c1\n 50 A>B INVITE cseq=2 to=b sdp=4000/hold\n 300 tick", "answered 200 none 0 live"},
		{"off hold again", "2 media c1\n 50 A>B INVITE cseq=2 to=b sdp=4000/hold\n 99 A>B INVITE cseq=3 to=b sdp=4000\n 101 media c1\n 300 tick", "answered 200 none 100 101"},
		{"media moves out of sight", "2 media c1\n 50 A>B INVITE cseq=2 to=b sdp=9.9.9.9:4000\n 300 tick", "answered 200 none 0 live"},
		{"never any sign, half a day", "43199 tick", "answered 200 none 0 live"},
		{"never any sign", "43205 tick", "answered 200 none 0 1"}, // no more is known
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, established+c.script)
			s.flush()
			s.wantLeg("c1", c.leg)
		})
	}
}

func TestSessionTimer(t *testing.T) {
	const call = `
		0   A>B INVITE
		1   B>A 200 h:Session-Expires=600;refresher=uac
		1   A>B ACK
		301 A>B UPDATE cseq=2
		301 B>A 200/UPDATE cseq=2 h:Session-Expires=600
	`
	s := play(t, call+"1200 tick")
	s.flush()
	s.wantLeg("c1", "answered 200 none 0 live")
	s = play(t, call+"1202 tick")
	s.wantLeg("c1", "answered 200 none 900 901")
}

// TestLostAnswers: what follows an answer tells that there was one.
func TestLostAnswers(t *testing.T) {
	for _, c := range []struct{ name, script, leg string }{
		{"ACK", "2 A>B ACK", "answered 0 none 0 live"},
		{"BYE of the callee", "9 B>A BYE from=b to=a", "answered 0 callee 0 9"},
		{"ACK of somebody else", "2 E>B ACK", "active 0 none 0 live"},
		{"media that never ends", "3 media c1\n 100 media c1\n 200 media c1\n 240 tick", "answered 0 none 0 live"},
		{"early media that stopped", "3 media c1\n 100 media c1\n 240 tick", "timeout 0 none 0 213"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, "0 A>B INVITE\n 1 B>A 180\n"+c.script)
			s.flush()
			s.wantLeg("c1", c.leg)
		})
	}
}

// TestLostBeginnings: what proves a call opens a leg that says Partial.
func TestLostBeginnings(t *testing.T) {
	for _, c := range []struct{ name, script, leg, events string }{
		{"ringing", "5 B>A 180\n 9 B>A 200\n 9 A>B ACK\n 20 A>B BYE cseq=2", "answered 200 caller 11 20", "attempt progress ringing answered ended"},
		{"answered", "9 B>A 200\n 9 A>B ACK", "answered 200 none 0 live", "attempt answered ended"},
		{"re-INVITE", "9 B>A INVITE from=b to=a\n 10 A>B 200 from=b to=a\n 20 A>B BYE cseq=2", "answered 200 callee 10 20", "attempt answered ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, c.script)
			s.flush()
			s.wantLeg("c1", c.leg)
			l := s.last("c1")
			if !l.Partial {
				t.Errorf("leg is not partial: %+v", l)
			}
			s.want(c.events)
		})
	}
	for _, script := range []string{
		"0 A>B ACK", "0 B>A 100 to=", "0 B>A 404", "0 B>A 481",
	} {
		s := play(t, script)
		s.flush()
		s.want("")
		if got := s.tr.Counters(); got.Strays != 1 {
			t.Errorf("%s: got %d strays, want 1", script, got.Strays)
		}
	}
	s := play(t, "0 A>B BYE\n 1 B>A 200/BYE")
	if m := s.events[0].Message; m.Method != "BYE" || m.Status != 200 {
		t.Errorf("lone BYE: got %+v, want a message BYE 200", m)
	}
	s.want("message")
}

// TestOneDirection: of a call that only one side speaks of, nothing is handed
// out, and it gives way to any other.
func TestOneDirection(t *testing.T) {
	s := play(t, `
		0 E>B 200 sdp=4000
		1 E>B 200 sdp=4000
		2 E>B ACK`)
	if len(s.media) != 0 {
		t.Errorf("endpoints: got %v, want none", s.media)
	}
	if l := s.last("c1"); l.HeardOther {
		t.Errorf("heard the other side of %+v", l)
	}
	s.play("3 B>E ACK")
	if len(s.media) != 1 {
		t.Errorf("endpoints when the other side was seen: got %v, want one", s.media)
	}
}

func TestMediaEndpoints(t *testing.T) {
	s := play(t, `0 A>B INVITE sdp=4000`)
	if len(s.media) != 0 {
		t.Errorf("before any answer: got %v, want none", s.media)
	}
	s.play(`
		1 B>A 183 sdp=5000
		2 B>A 200 sdp=5000
		2 A>B ACK
		9 A>B INVITE cseq=2 to=b sdp=4000
		9 B>A 200 cseq=2 sdp=5002
		9 E>B INVITE cseq=3 to=b sdp=6000`)
	var got []string
	for _, e := range s.media {
		got = append(got, fmt.Sprintf("%v %v %v %s/%d %v", e.Addr, e.Caller, e.Audio, e.Codecs[1].Name, e.Codecs[0].ClockRate, e.RTCP.Port()))
	}
	want := []string{
		"10.0.0.65:4000 true true telephone-event/8000 4001",
		"10.0.0.66:5000 false true telephone-event/8000 5001",
		"10.0.0.66:5002 false true telephone-event/8000 5003",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("endpoints:\n got %q\nwant %q", got, want)
	}
	for i := range 20 {
		s.play(fmt.Sprintf("%d A>B INVITE cseq=%d to=b sdp=%d", 10+i, 10+i, 7000+2*i))
	}
	if len(s.media) != maxEndpoints || s.tr.Counters().EndpointsRefused != 15 {
		t.Errorf("got %d endpoints, %d refused; want %d, 15", len(s.media), s.tr.Counters().EndpointsRefused, maxEndpoints)
	}
}

func TestMediaEvent(t *testing.T) {
	s := play(t, established+"2 media c1\n 3 media c1\n 4 tick")
	s.want("attempt answered media")
	s = play(t, established+"2 media c1 callee\n 3 media c1 caller\n 4 media c1 caller callee\n 5 tick\n 6 A>B BYE cseq=2")
	l := s.last("c1")
	if got, want := l.FirstMediaCaller.Sub(epoch), 3*time.Second; got != want {
		t.Errorf("first media of the caller: got %v, want %v", got, want)
	}
	if got, want := l.FirstMediaCallee.Sub(epoch), 2*time.Second; got != want {
		t.Errorf("first media of the callee: got %v, want %v", got, want)
	}
}

// TestDigits: each digit is an event of its own, and a report may tell of so
// many only.
func TestDigits(t *testing.T) {
	s := play(t, established+"2 media c1 caller 3\n 3 tick\n 4 media c1 caller\n 5 tick")
	s.want("attempt answered media dtmf dtmf dtmf")
	s.play("6 media c1 caller 1000000\n 7 tick")
	if got := len(s.events); got != maxDigits {
		t.Errorf("a report of a million digits: got %d events, want %d", got, maxDigits)
	}
}

// TestAnomaliesOfInvites: what is wrong with any INVITE of a leg is a fact of it.
func TestAnomaliesOfInvites(t *testing.T) {
	s := play(t, "0 A>B INVITE\n 1 A>B INVITE h:Contact=<sip:1@x>;q= h:Call-ID=again\n 2 B>A 180")
	if first, last := s.events[0].Leg.Anomalies, s.last("c1").Anomalies; first != 0 || last == 0 {
		t.Errorf("got anomalies %x at first, %x after a second INVITE with two Call-IDs; want none, some", first, last)
	}
}

func TestInsideTheDialog(t *testing.T) {
	s := play(t, established+`
		2 A>B INFO cseq=2 type=application/dtmf-relay body=Signal=5
		2 A>B INFO cseq=2 type=application/dtmf-relay body=Signal=5
		2 A>B INFO cseq=3 type=application/DTMF body=*
		2 A>B INFO cseq=4 type=text/plain body=5
		2 E>B INFO cseq=9 type=application/dtmf body=5
		2 B>A INFO from=b to=a type=application/dtmf body=5
		3 E>B REFER cseq=9 h:Refer-To=<sip:evil@x>
		3 A>B REFER cseq=5 h:Refer-To=<sip:0099@x>
		3 B>A 202/REFER cseq=5
		3 A>B OPTIONS cseq=6 to=b
		4 A>B BYE cseq=7`)
	for i, separator := range []bool{false, true, false} {
		if e := s.events[2+i]; e.Separator != separator {
			t.Errorf("key %d: got separator %v, want %v", i, e.Separator, separator)
		}
	}
	if e := s.events[5]; e.Target != "0099" || e.Leg.Transferred != "0099" {
		t.Errorf("transfer: got target %q, transferred %q; want 0099", e.Target, e.Leg.Transferred)
	}
	s.want("attempt answered dtmf dtmf dtmf transfer ended")
}
