package dialog

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/call"
)

func TestCallFromInviteToBye(t *testing.T) {
	s := play(t, `
		0    A>B INVITE h:User-Agent=Phone h:Contact=<sip:101@10.0.0.65>
		0.1  B>A 100
		1    B>A 180
		5    B>A 200
		5.1  A>B ACK
		65   B>A BYE from=b to=a cseq=7
		65.1 A>B 200/BYE from=b to=a cseq=7`)
	s.wantLeg("c1", "answered 200 callee 60 65")
	l := s.last("c1")
	want := call.Leg{
		ID: 1, Call: call.ID(epoch.Unix())<<20 + 1, CallID: "c1", Transport: call.UDP, Source: call.Wire, Src: addrOf('A'), Dst: addrOf('B'),
		From: call.Party{User: "101", Host: "pbx.example"}, To: call.Party{User: "0123456789", Host: "pbx.example"},
		Request: call.Party{User: "0123456789", Host: "pbx.example"}, ContactUser: "101", ContactHost: "10.0.0.65",
		UserAgent: "Phone", HeardOther: true, Acknowledged: true,
		Start: epoch, Ringing: epoch.Add(time.Second), Answer: epoch.Add(5 * time.Second), End: epoch.Add(65 * time.Second),
		State: call.Answered, Status: 200, EndBy: call.Callee, Attempts: 1,
	}
	if diff := cmp.Diff(want, l, cmp.Comparer(equalAddr)); diff != "" {
		t.Errorf("leg (-want +got):\n%s", diff)
	}
	s.want("attempt progress ringing answered ended released")
	if got := s.released; len(got) != 1 || got[0] != 1 {
		t.Errorf("released: got %v, want [1]", got)
	}
}

func TestFactsOfTheInvite(t *testing.T) {
	s := play(t, `0 A>B INVITE user=%2B33123 h:P-Asserted-Identity="Shop"~<sip:+33987@x> h:Diversion=<sip:200@x>;reason=busy
		0 A>B INVITE id=c2 h:Remote-Party-ID=<tel:+33555> h:History-Info=<sip:1@x>;index=1,~<sip:2@x>;index=1.1 h:History-Info=<sip:3@x>;index=1.1.1
		0 A>B INVITE id=c3 h:Replaces=other@x;to-tag=1;from-tag=2 sdp=4000 sess=777 cred=alice`)
	l := s.last("c1")
	if got, want := [...]string{l.Request.User, l.Asserted, l.Diversion}, [...]string{"+33123", "+33987", "200"}; got != want {
		t.Errorf("c1: got %q, want %q", got, want)
	}
	l = s.last("c2")
	if got, want := [...]string{l.Asserted, l.Diversion}, [...]string{"+33555", "2"}; got != want {
		t.Errorf("c2: got %q, want %q", got, want)
	}
	l = s.last("c3")
	if got, want := [...]string{l.Replaces, l.SDPSession, l.AuthUser, l.AuthRealm}, [...]string{"other@x", "777", "alice", "pbx"}; got != want || !l.Credentials {
		t.Errorf("c3: got %q (credentials: %v), want %q", got, l.Credentials, want)
	}
}

// TestEnds: how a call that is not answered ends. Each story follows an INVITE
// at 0 and a 180 at 1.
func TestEnds(t *testing.T) {
	for _, c := range []struct{ name, script, leg, events string }{
		{"busy", `2 B>A 486`, "busy 486 callee 0 2", "ended"},
		{"busy everywhere", `2 B>A 600`, "busy 600 callee 0 2", "ended"},
		{"not found", `2 B>A 404`, "rejected 404 callee 0 2", "ended"},
		{"unavailable", `2 B>A 480`, "rejected 480 callee 0 2", "ended"},
		{"declined", `2 B>A 603`, "rejected 603 callee 0 2", "ended"},
		{"timeout", `2 B>A 408`, "timeout 408 none 0 2", "ended"},
		{"overloaded", `2 B>A 503`, "failed 503 none 0 2", "ended"},
		{"terminated", `2 B>A 487`, "cancelled 487 caller 0 2", "ended"},
		{"CANCEL", "2 A>B CANCEL\n 2 B>A 200/CANCEL\n 2.1 B>A 487\n 2.2 A>B ACK branch=INVITE-1", "cancelled 487 caller 0 2.1", "ended"},
		{"CANCEL, the 487 lost", "2 A>B CANCEL\n 40 tick", "cancelled 0 caller 0 2", "ended"},
		{"CANCEL too late", "2 A>B CANCEL\n 2.1 B>A 200\n 2.2 A>B ACK\n 9 A>B BYE cseq=2", "answered 200 caller 6.9 9", "answered ended"},
		{"no answer at all", "300 tick", "timeout 0 none 0 213", "ended"},
		{"ringing again and again", "170 B>A 180\n 340 B>A 180\n 500 B>A 200", "answered 200 none 0 live", "answered"},
		{"BYE before the answer", "2 A>B BYE cseq=2", "cancelled 0 caller 0 2", "ended"},
		{"moved", "2 B>A 302 h:Contact=<sip:200@x>", "rejected 302 callee 0 2", "forwarded ended"},
		{"challenged, then given up", "2 B>A 407\n 2.1 A>B ACK branch=INVITE-1\n 40 tick", "rejected 407 callee 0 2", "ended"},
		{"refusal lost, its ACK seen", "2 A>B ACK branch=INVITE-1\n 40 tick", "failed 0 none 0 2", "ended"},
		{"refused twice", "2 B>A 486\n 2.5 B>A 486\n 3 A>B INVITE\n 3.1 B>A 180", "busy 486 callee 0 2", "ended"},
		{"answered after a forged refusal", "2 B>A 486\n 5 B>A 200", "answered 200 none 0 live", "ended attempt answered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, "0 A>B INVITE\n 1 B>A 180\n"+c.script)
			s.wantLeg("c1", c.leg)
			s.want("attempt progress ringing " + c.events)
			if c := s.tr.Counters(); c.Opened != c.Ended+uint64(c.Live) {
				t.Errorf("books: %+v", c)
			}
		})
	}
}

func TestAttemptsAreMerged(t *testing.T) {
	s := play(t, `
		0   A>B INVITE
		0.5 A>B INVITE                             # sent again
		0.6 B>A 401
		0.6 A>B ACK branch=INVITE-1
		0.7 A>B INVITE cseq=2 cred=101             # with credentials
		0.8 B>C INVITE cseq=2 vias=2 branch=p      # the proxy's next hop
		0.8 B>D INVITE cseq=2 vias=2 branch=q      # and its fork
		0.9 B>A 401                                # late
		1   C>B 180 cseq=2 vias=2 branch=p to=c
		1   B>A 180 cseq=2 to=c
		2   D>B 486 cseq=2 vias=2 branch=q to=d
		3   C>B 200 cseq=2 vias=2 branch=p to=c
		3   B>A 200 cseq=2 to=c
		3.1 A>B ACK cseq=2 to=c
		9   A>B BYE cseq=3 to=c
		9   B>C BYE cseq=3 to=c vias=2
		9.5 A>B BYE cseq=3 to=c
		9.6 B>A 200/BYE cseq=3 to=c`)
	s.wantLeg("c1", "answered 200 caller 6 9")
	l := s.last("c1")
	if l.Attempts != 5 || !l.Credentials || !l.Challenged || l.AuthUser != "101" {
		t.Errorf("got %d attempts, credentials %v, challenged %v, user %q; want 5, true, true, 101", l.Attempts, l.Credentials, l.Challenged, l.AuthUser)
	}
	s.want("attempt progress ringing answered ended released")
}

// TestForks: what counts is what reaches the caller; when that is lost, the
// best of the forks' refusals.
func TestForks(t *testing.T) {
	const forks = `
		0   A>B INVITE
		0.1 B>C INVITE vias=2 branch=p
		0.1 B>D INVITE vias=2 branch=q
		1   C>B 486 vias=2 branch=p to=c
		2   D>B 603 vias=2 branch=q to=d
	`
	s := play(t, forks+"2.1 B>A 603 to=d")
	s.wantLeg("c1", "rejected 603 callee 0 2.1")
	s = play(t, forks+"300 tick")
	s.wantLeg("c1", "rejected 603 callee 0 2")
	s = play(t, forks+"5 B>E INVITE vias=2 branch=r\n 6 E>B 200 vias=2 branch=r to=e")
	s.wantLeg("c1", "answered 200 none 0 live")
}

func TestRedirectedCallerTriesAgain(t *testing.T) {
	s := play(t, `
		0 A>B INVITE
		1 B>A 302 h:Contact=<sip:200@x>
		1 A>B ACK branch=INVITE-1
		2 A>C INVITE cseq=2 user=200
		3 C>A 200 cseq=2`)
	if got := s.events[1].Target; got != "200" {
		t.Errorf("target: got %q, want 200", got)
	}
	first, second := s.events[0].Leg, s.last("c1")
	if first.Call != second.Call || first.ID == second.ID {
		t.Errorf("got legs %d, %d of calls %d, %d; want two legs of one call", first.ID, second.ID, first.Call, second.Call)
	}
	s.want("attempt forwarded ended attempt answered")
}

// TestTombstones: a Call-ID may be used again when nothing of the old call can
// still be under way.
func TestTombstones(t *testing.T) {
	const ended = "0 A>B INVITE\n 1 B>A 200\n 1 A>B ACK\n 5 A>B BYE cseq=2\n 5 B>A 200/BYE cseq=2\n"
	s := play(t, ended+"6 A>B INVITE\n 6 B>A 200\n 6 A>B BYE cseq=2")
	s.want("attempt answered ended released")
	s = play(t, ended+"38 tick\n 39 A>B INVITE\n 40 B>A 200")
	s.want("attempt answered ended released attempt answered")
	if got := s.tr.Counters(); got.Live != 1 || got.Tombstones != 0 {
		t.Errorf("got %+v, want one live leg and no tombstone", got)
	}
}

func TestTwoPeersWithOneCallID(t *testing.T) {
	s := play(t, `
		0 A>B INVITE from=a
		0 C>D INVITE from=x
		1 B>A 200 from=a to=b
		2 D>C 486 from=x to=y`)
	if s.tr.Counters().Opened != 2 {
		t.Errorf("got %d legs, want 2", s.tr.Counters().Opened)
	}
	s.want("attempt attempt answered ended")
}

func equalAddr(a, b netip.AddrPort) bool { return a == b }

// TestScannersGiveWay: of the legs that were refused for want of a password few are
// kept; the oldest ends then, and gives way before a call that rings. Whoever shows
// his password late is in the same call all the same.
func TestScannersGiveWay(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Challenged = 2
	s := newStory(t, cfg)
	s.play("0 A>B INVITE id=rings\n 0 B>A 180 id=rings\n 0 A>B INVITE id=late\n 0 B>A 401 id=late")
	for n := range 20 {
		s.play(fmt.Sprintf("1 C>B INVITE id=scan%d\n 1 B>C 401 id=scan%d", n, n))
	}
	c := s.tr.Counters()
	if c.Live != 3 || c.Tombstones != 2 || c.LegsEvicted != 19 {
		t.Errorf("got %+v, want the call that rings and two scanners alive, two ended", c)
	}
	if l := s.last("rings"); !l.Live() {
		t.Errorf("got %+v, want it ringing", l)
	}
	s.play("2 A>B INVITE id=again\n 2 B>A 401 id=again\n 2 D>B INVITE id=x1\n 2 B>D 401 id=x1\n 2 D>B INVITE id=x2\n 2 B>D 401 id=x2")
	first := s.last("again")
	s.play("3 A>B INVITE id=again cseq=2\n 3 B>A 200 id=again cseq=2")
	second := s.last("again")
	if first.Live() || first.Status != 401 || first.Call != second.Call || !second.Live() {
		t.Errorf("got %+v, and then %+v; want a refused leg and an answered one of the same call", first, second)
	}
}
