package dialog

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/call"
)

// registrations says what became of bindings: "change contact expires failures".
func (s *story) registrations() []string {
	var out []string
	for _, e := range s.events {
		if r := e.Registration; r != nil {
			out = append(out, fmt.Sprintf("%v %s %v %d", r.Change, r.Contact, r.Expires.Seconds(), r.Failures))
		}
	}
	return out
}

func TestBindings(t *testing.T) {
	s := play(t, `
		0   A>P REGISTER user=101 h:Contact=<sip:101@10.0.0.65> h:Expires=60
		0   P>A 401/REGISTER user=101
		1   A>P REGISTER user=101 cseq=2 cred=101 h:Contact=<sip:101@10.0.0.65> h:Expires=60
		1   P>A 200/REGISTER user=101 cseq=2 h:Contact=<sip:101@10.0.0.65>;expires=60,~<sip:101@10.0.0.99>;expires=30
		20  tick
		21  A>P REGISTER user=101 cseq=3 cred=101 h:Contact=<sip:101@10.0.0.65>;expires=60
		21  P>A 200/REGISTER user=101 cseq=3 h:Contact=<sip:101@10.0.0.65;x=y>;expires=90
		40  tick                                      # the other one's time is over
		50  A>P REGISTER user=101 cseq=4 cred=101 h:Contact=<sip:101@10.0.0.65>;expires=0
		50  P>A 200/REGISTER user=101 cseq=4
		51  A>P REGISTER user=101 cseq=5 cred=101 h:Contact=<sip:101@10.0.0.65>
		51  P>A 200/REGISTER user=101 cseq=5
		52  A>P REGISTER user=101 cseq=6 cred=101 h:Contact=* h:Expires=0
		52  P>A 200/REGISTER user=101 cseq=6
		5000 tick`)
	want := []string{
		"new sip:101@10.0.0.65 60 0",
		"new sip:101@10.0.0.99 30 0",
		"refreshed sip:101@10.0.0.65;x=y 90 0",
		"expired sip:101@10.0.0.99 30 0",
		"removed sip:101@10.0.0.65;x=y 0 0",
		"new sip:101@10.0.0.65 3600 0",
		"removed sip:101@10.0.0.65 0 0",
	}
	if diff := cmp.Diff(want, s.registrations()); diff != "" {
		t.Errorf("registrations (-want +got):\n%s", diff)
	}
	r := s.events[1].Registration
	wantFirst := call.Registration{
		AoR: "101@pbx.example", User: "101", Contact: "sip:101@10.0.0.65", Src: addrOf('A'), Dst: addrOf('P'),
		AuthUser: "101", Change: call.BindingNew, Expires: time.Minute,
	}
	if *r != wantFirst {
		t.Errorf("first binding: got %+v, want %+v", *r, wantFirst)
	}
	if other := s.events[2].Registration; other.Src.IsValid() || other.AuthUser != "" {
		t.Errorf("somebody else's binding: got source %v, want none", other.Src)
	}
	if got := s.tr.Counters(); got.Accounts != 0 || got.Bindings != 0 || len(s.tr.expiries.heap) != 0 {
		t.Errorf("got %d accounts, %d bindings, %d alarms left; want none", got.Accounts, got.Bindings, len(s.tr.expiries.heap))
	}
}

func TestRefusedLogins(t *testing.T) {
	s := play(t, `
		0 A>P REGISTER user=101
		0 P>A 401/REGISTER user=101                        # the first challenge is none
		1 A>P REGISTER user=101 cseq=2 cred=101
		1 P>A 401/REGISTER user=101 cseq=2 h:WWW-Authenticate=Digest~realm="p",stale=TRUE
		2 A>P REGISTER user=101 cseq=3 cred=101
		2 P>A 401/REGISTER user=101 cseq=3
		3 A>P REGISTER user=101 cseq=4 cred=101
		3 P>A 403/REGISTER user=101 cseq=4
		4 B>P REGISTER user=101 cseq=4 cred=101 id=c2      # another source
		4 P>B 403/REGISTER user=101 cseq=4 id=c2
		5 A>P REGISTER user=101 cseq=5 cred=101 h:Contact=<sip:101@a>
		5 P>A 200/REGISTER user=101 cseq=5 h:Contact=<sip:101@a>
		6 A>P REGISTER user=101 cseq=6 cred=101
		6 P>A 403/REGISTER user=101 cseq=6
		7 A>P REGISTER user=101 cseq=7 cred=101
		7 P>A 503/REGISTER user=101 cseq=7`)
	want := []string{"refused  0 1", "refused  0 2", "refused  0 1", "new sip:101@a 3600 0", "refused  0 1"}
	if diff := cmp.Diff(want, s.registrations()); diff != "" {
		t.Errorf("registrations (-want +got):\n%s", diff)
	}
	if m := s.events[1].Message; !m.Stale || !m.Credentials || m.Status != 401 {
		t.Errorf("second refusal: got %+v, want stale, with credentials, 401", m)
	}
	s.want("message message binding message binding message binding message binding binding message message")
}

func TestSingleMessages(t *testing.T) {
	s := play(t, `
		0   E>P OPTIONS user=100 h:User-Agent=scanner by=666
		0.5 E>P OPTIONS user=100                       # sent again
		0.6 P>E 100/OPTIONS user=100
		0.7 P>E 404/OPTIONS user=100
		0.8 P>E 404/OPTIONS user=100
		1   E>P OPTIONS user=200
		2   E>P OPTIONS user=300                       # same branch, same Call-ID, another target
		3   E>P MESSAGE user=300
		3   P>E 202/MESSAGE user=300
		60  tick`)
	var got []call.Message
	for _, e := range s.events {
		got = append(got, *e.Message)
	}
	from := func(method, user, by, agent string, status int) call.Message {
		return call.Message{
			Src: addrOf('E'), Dst: addrOf('P'), Transport: call.UDP, Method: method, Status: status, User: user, FromUser: by, UserAgent: agent,
		}
	}
	want := []call.Message{
		from("OPTIONS", "100", "666", "scanner", 404), from("MESSAGE", "300", "101", "", 202),
		from("OPTIONS", "200", "101", "", 0), from("OPTIONS", "300", "101", "", 0),
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(equalAddr)); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

// TestBudget: a scan is cut to its budget, source by source, and no call is.
func TestBudget(t *testing.T) {
	s := newStory(t, DefaultConfig())
	for i := range 1000 {
		s.play(fmt.Sprintf("1 E>P OPTIONS id=s%d\n 1 P>E 200/OPTIONS id=s%d", i, i))
	}
	if got := len(s.events); got != 200 {
		t.Errorf("got %d events at once, want the burst of 200", got)
	}
	s.play("1 F>P OPTIONS\n 1 P>F 200/OPTIONS\n 1 E>P INVITE id=call")
	if got := len(s.events); got != 202 {
		t.Errorf("another source and a call: got %d events, want 202", got)
	}
	for i := range 1000 {
		s.play(fmt.Sprintf("3 E>P OPTIONS id=t%d\n 3 P>E 200/OPTIONS id=t%d", i, i))
	}
	if got := len(s.events); got != 242 {
		t.Errorf("two seconds later: got %d events, want 242", got)
	}
	if got := s.tr.Counters().MessagesSuppressed; got != 2000-240 {
		t.Errorf("suppressed: got %d, want %d", got, 2000-240)
	}
}
