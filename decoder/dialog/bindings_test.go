package dialog

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/call"
)

// TestSeveralBindings: an account with several telephones, as the registrar
// lists them.
func TestSeveralBindings(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         []string // change, contact, expires, failures
	}{
		{"q-values, with and without brackets, and each its own time", `
			0 A>P REGISTER user=101 h:Contact=<sip:101@a>;q=0.7;expires=600,~<sip:101@b>;q=0.1;expires=60
			0 P>A 200/REGISTER user=101 h:Contact=<sip:101@a>;q=0.7;expires=500,~<sip:101@b>;q=0.1;expires=50
			1 A>P REGISTER user=102 id=c2 h:Contact=sip:102@a;q=0.5;expires=90
			1 P>A 200/REGISTER user=102 id=c2 h:Contact=sip:102@a;q=0.5;expires=90`,
			[]string{"new sip:101@a 500 0", "new sip:101@b 50 0", "new sip:102@a 90 0"}},
		{"one that is listed is known, and its own REGISTER refreshes it", `
			0 A>P REGISTER user=101 h:Contact=<sip:101@a>
			0 P>A 200/REGISTER user=101 h:Contact=<sip:101@a>;expires=60,~<sip:101@b>;expires=30
			5 B>P REGISTER user=101 id=c2 h:Contact=<sip:101@b>
			5 P>B 200/REGISTER user=101 id=c2 h:Contact=<sip:101@a>;expires=55,~<sip:101@b>;expires=60
			9 B>P REGISTER user=101 id=c2 cseq=2 h:Contact=<sip:101@b>;expires=0
			9 P>B 200/REGISTER user=101 id=c2 cseq=2 h:Contact=<sip:101@a>;expires=51
			99 tick`,
			[]string{"new sip:101@a 60 0", "new sip:101@b 30 0", "refreshed sip:101@b 60 0", "removed sip:101@b 0 0", "expired sip:101@a 60 0"}},
		{"all at once, and nothing is left to expire", `
			0 A>P REGISTER user=101 h:Contact=<sip:101@a>
			0 P>A 200/REGISTER user=101 h:Contact=<sip:101@a>;expires=60,~<sip:101@b>;expires=30
			5 A>P REGISTER user=101 cseq=2 h:Contact=* h:Expires=0
			5 P>A 200/REGISTER user=101 cseq=2
			99 tick`,
			[]string{"new sip:101@a 60 0", "new sip:101@b 30 0", "removed sip:101@a 0 0", "removed sip:101@b 0 0"}},
		{"a question changes nothing", `
			0 A>P REGISTER user=101 h:Contact=<sip:101@a>;expires=60
			0 P>A 200/REGISTER user=101 h:Contact=<sip:101@a>;expires=60
			5 A>P REGISTER user=101 cseq=2
			5 P>A 200/REGISTER user=101 cseq=2 h:Contact=<sip:101@a>;expires=55`,
			[]string{"new sip:101@a 60 0"}},
		{"listed with no time left", `
			0 A>P REGISTER user=101 h:Contact=<sip:101@a>;expires=60
			0 P>A 200/REGISTER user=101 h:Contact=<sip:101@a>;expires=60,~<sip:101@b>;expires=0`,
			[]string{"new sip:101@a 60 0"}},
		{"an answer that nobody asked for, or with another branch", `
			0 P>A 200/REGISTER user=101 h:Contact=<sip:evil@x>;expires=60
			1 A>P REGISTER user=101 h:Contact=<sip:101@a>
			1 E>A 200/REGISTER user=101 branch=guess h:Contact=<sip:evil@x>;expires=60`, nil},
		{"the PBX registers at the operator: challenged, an old nonce, then in", `
			0 P>T REGISTER user=trunk1 h:Contact=<sip:trunk1@10.0.0.80>
			0 T>P 401/REGISTER user=trunk1
			0 P>T REGISTER user=trunk1 cseq=2 cred=trunk1 h:Contact=<sip:trunk1@10.0.0.80>
			0 T>P 401/REGISTER user=trunk1 cseq=2 h:WWW-Authenticate=Digest~nonce="n",stale=true
			1 P>T REGISTER user=trunk1 cseq=3 cred=trunk1 h:Contact=<sip:trunk1@10.0.0.80>
			1 T>P 200/REGISTER user=trunk1 cseq=3 h:Contact=<sip:trunk1@10.0.0.80>;expires=300`,
			[]string{"new sip:trunk1@10.0.0.80 300 0"}},
		{"old nonces for ever are no failure", `
			0 A>P REGISTER user=101 cred=101
			0 P>A 401/REGISTER user=101 h:WWW-Authenticate=Digest~stale=true,nonce="a"
			1 A>P REGISTER user=101 cseq=2 cred=101
			1 P>A 407/REGISTER user=101 cseq=2 h:Proxy-Authenticate=Digest~nonce="b",~stale="TRUE"
			2 A>P REGISTER user=101 cseq=3 cred=101
			2 P>A 401/REGISTER user=101 cseq=3 h:WWW-Authenticate=Digest~stale=false,nonce="c"`,
			[]string{"refused  0 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, play(t, c.script).registrations()); diff != "" {
				t.Errorf("registrations (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRegistrationOutward: who registers where is told, so that a trunk is known
// by it.
func TestRegistrationOutward(t *testing.T) {
	s := play(t, `
		0 P>T REGISTER user=trunk1 cred=account7 h:Contact=<sip:s@10.0.0.80:5080> h:Expires=120
		0 T>P 200/REGISTER user=trunk1 h:Contact=<sip:s@10.0.0.80:5080>`)
	got := *s.events[0].Registration
	want := call.Registration{AoR: "trunk1@pbx.example", User: "trunk1", Contact: "sip:s@10.0.0.80:5080", Src: addrOf('P'), Dst: addrOf('T'),
		AuthUser: "account7", Change: call.BindingNew, Expires: 120e9}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
