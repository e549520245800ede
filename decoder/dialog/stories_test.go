package dialog

import (
	"strings"
	"testing"

	"tollwatch/decoder/call"
)

// TestStories: what telephones do in the middle of calls, and what comes of it:
// the leg c1 as "state status by duration end", and its events.
func TestStories(t *testing.T) {
	for _, c := range []struct{ name, script, leg, events string }{
		{"two branches answer, the caller hangs one up", `
			0   A>P INVITE
			0.1 P>B INVITE vias=2 branch=p
			0.1 P>C INVITE vias=2 branch=q
			1   B>P 180 vias=2 branch=p to=b
			1   P>A 180 to=b
			1.1 C>P 183 vias=2 branch=q to=c
			1.1 P>A 183 to=c
			3   B>P 200 vias=2 branch=p to=b
			3   P>A 200 to=b
			3.1 C>P 200 vias=2 branch=q to=c
			3.1 P>A 200 to=c
			3.2 A>P ACK to=b
			3.2 A>P ACK to=c
			9   A>P BYE cseq=2 to=b`, "answered 200 caller 6 9", "attempt progress ringing answered ended"},
		{"early media and PRACK", `
			0   A>B INVITE sdp=4000
			1   B>A 183 sdp=5000 h:RSeq=1
			1.1 A>B PRACK cseq=2
			1.2 B>A 200/PRACK cseq=2
			9   B>A 200
			9   A>B ACK
			20  B>A BYE from=b to=a`, "answered 200 callee 11 20", "attempt progress ringing answered ended"},
		{"UPDATE and re-INVITE, refused and taken", `
			0  A>B INVITE sdp=4000
			1  B>A 200 sdp=5000
			1  A>B ACK
			5  A>B UPDATE cseq=2 sdp=4002
			5  B>A 200/UPDATE cseq=2 sdp=5002
			6  B>A INVITE from=b to=a sdp=5004
			6  A>B 488 from=b to=a
			6  B>A ACK from=b to=a
			7  A>B INVITE cseq=3 to=b sdp=4004/hold
			7  B>A 200 cseq=3 sdp=5002
			30 A>B INVITE cseq=4 to=b sdp=4004
			30 B>A 491 cseq=4
			31 A>B INVITE cseq=5 to=b sdp=4004
			31 B>A 200 cseq=5 sdp=5002
			40 A>B BYE cseq=6`, "answered 200 caller 39 40", "attempt answered ended"},
		{"the callee's Contact moves to another address", `
			0  A>B INVITE h:Contact=<sip:101@10.0.0.65>
			1  B>A 200 h:Contact=<sip:200@10.0.0.67>
			1  A>C ACK
			9  C>A BYE from=b to=a`, "answered 200 callee 8 9", "attempt answered ended"},
		{"addresses behind a NAT", `
			0  A>B INVITE h:Contact=<sip:101@192.168.1.2> sdp=192.168.1.2:4000
			1  B>A 200 h:Contact=<sip:200@172.16.0.9> sdp=172.16.0.9:5000
			1  A>B ACK
			2  media c1 caller callee
			9  B>A BYE from=b to=a`, "answered 200 callee 8 9", "attempt answered media ended"},
		{"Diversion, from one forward to the next", `
			0  A>P INVITE h:Diversion=<sip:300@x>;reason=busy,~<sip:200@x>;reason=no-answer
			1  P>A 486`, "busy 486 callee 0 1", "attempt ended"},
		{"a 2xx to CANCELled INVITE wins", `
			0  A>B INVITE
			1  A>B CANCEL
			1  B>A 200/CANCEL
			1  B>A 200
			1  A>B ACK
			2  A>B BYE cseq=2`, "answered 200 caller 1 2", "attempt answered ended"},
		{"CSeq that runs backwards", `
			0  A>B INVITE cseq=50
			1  B>A 200 cseq=50
			1  A>B ACK cseq=50
			2  A>B INFO cseq=49 type=application/dtmf
			2  A>B INFO cseq=48 type=application/dtmf
			3  A>B REFER cseq=10 h:Refer-To=<sip:9@x>
			4  B>A 486 cseq=49
			5  A>B BYE cseq=51`, "answered 200 caller 4 5", "attempt answered dtmf ended"},
		{"a third party refuses, cancels and hangs up", `
			0   A>B INVITE
			1   B>A 180
			1.1 E>A 486 branch=guess
			1.2 E>B BYE cseq=2 to=guess
			2   E>A 603 branch=guess to=other
			5   B>A 200
			5   A>B ACK
			6   E>A BYE from=other to=a
			7   A>E 481/BYE from=other to=a
			9   A>B BYE cseq=2`, "answered 200 caller 4 9", "attempt progress ringing answered ended"},
		{"tags that change with each answer", `
			0  A>B INVITE
			1  B>A 180 to=t1
			1  B>A 180 to=t2
			1  B>A 180 to=t3
			2  B>A 200 to=t4
			2  A>B ACK to=t4
			9  B>A BYE from=t4 to=a`, "answered 200 callee 7 9", "attempt progress ringing answered ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, c.script)
			s.play("10000 tick")
			s.wantLeg("c1", c.leg)
			s.want(c.events)
		})
	}
}

// TestTransfers: the calls that a transfer leads to are one with the call that
// was transferred; and only who has a part in it can say so.
func TestTransfers(t *testing.T) {
	const talk = "0 A>B INVITE id=c1\n 1 B>A 200 id=c1\n 1 A>B ACK id=c1\n"
	for _, c := range []struct {
		name, script string
		joined       bool
	}{
		{"blind", "5 B>A REFER id=c1 from=b to=a h:Refer-To=<sip:0099123@x>\n 5 A>B 202/REFER id=c1 from=b to=a\n 6 A>C INVITE id=c2 from=n user=0099123", true},
		{"blind, another number", "5 B>A REFER id=c1 from=b to=a h:Refer-To=<sip:0099123@x>\n 6 A>C INVITE id=c2 from=n user=0099124", false},
		{"blind, somebody else calls it", "5 B>A REFER id=c1 from=b to=a h:Refer-To=<sip:0099123@x>\n 6 D>C INVITE id=c2 from=n user=0099123", false},
		{"blind, a minute later", "5 B>A REFER id=c1 from=b to=a h:Refer-To=<sip:0099123@x>\n 66 A>C INVITE id=c2 from=n user=0099123", false},
		{"REFER of a third party", "5 E>A REFER id=c1 from=b to=a h:Refer-To=<sip:0099123@x>\n 6 A>C INVITE id=c2 from=n user=0099123", false},
		{"attended: the INVITE with Replaces takes over", "5 C>A INVITE id=c2 from=n user=101 h:Replaces=c1;to-tag=a;from-tag=b", true},
		{"attended, tags the other way round", "5 C>B INVITE id=c2 from=n user=101 h:Replaces=c1;to-tag=b;from-tag=a", true},
		{"Replaces with a guessed tag", "5 C>A INVITE id=c2 from=n user=101 h:Replaces=c1;to-tag=a;from-tag=guess", false},
		{"Replaces to somebody else", "5 C>D INVITE id=c2 from=n user=101 h:Replaces=c1;to-tag=a;from-tag=b", false},
		{"moved by 302 to a new Call-ID", "5 B>A BYE id=c1 from=b to=a\n 6 A>P INVITE id=c1 from=m\n 7 P>A 302 id=c1 from=m h:Contact=<sip:0099123@x>\n 7.1 A>C INVITE id=c2 from=n user=0099123", true},
		{"302 from nowhere", "6 A>P INVITE id=c1 from=m\n 7 E>A 302 id=c1 from=m branch=guess h:Contact=<sip:0099123@x>\n 7.1 A>C INVITE id=c2 from=n user=0099123", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, talk+c.script)
			if got := s.callOf("c1") == s.callOf("c2"); got != c.joined {
				t.Errorf("one call: got %v, want %v", got, c.joined)
			}
		})
	}
}

// TestPeersThatChooseAlike: the same Call-ID, and even the same tags, between
// others is another leg, and each message finds its own.
func TestPeersThatChooseAlike(t *testing.T) {
	for _, tag := range []string{"a", "z"} {
		s := play(t, strings.ReplaceAll(`
			0 A>B INVITE
			1 C>D INVITE from=TAG branch=other
			2 B>A 180
			3 D>C 486 from=TAG branch=other
			5 B>A 200
			9 C>D INVITE from=TAG branch=more cseq=2
			10 D>C 200 from=TAG branch=more cseq=2
			20 D>C BYE from=b to=TAG
			30 A>B BYE cseq=2`, "TAG", tag))
		var got []string
		for _, e := range s.events {
			if e.Kind == call.EventEnded {
				got = append(got, e.Leg.Src.Addr().String()+" "+e.Leg.State.String()+" "+e.Leg.EndBy.String()+" "+e.Leg.Duration().String())
			}
		}
		want := "10.0.0.67 busy callee 0s, 10.0.0.67 answered callee 10s, 10.0.0.65 answered caller 25s"
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("tag %s: got %q, want %q", tag, got, want)
		}
	}
}

// TestRecordingSession: a leg says that it carries a copy of a call.
func TestRecordingSession(t *testing.T) {
	s := play(t, "0 A>B INVITE h:Require=siprec\n 0 A>B INVITE id=c2")
	if !s.last("c1").Recording || s.last("c2").Recording {
		t.Errorf("recording: got %v and %v, want true and false", s.last("c1").Recording, s.last("c2").Recording)
	}
}
