package sip

import (
	"strings"
	"testing"
)

// TestSlots: every name that Parse reads is found, in any case, and nothing
// that only resembles it.
func TestSlots(t *testing.T) {
	n := 0
	for _, h := range slots {
		if h.n == 0 {
			continue
		}
		n++
	}
	if want := 38; n != want {
		t.Errorf("%d names have a slot, want %d: two of them meet, find another factor", n, want)
	}
	for _, c := range []struct {
		name string
		want headerID
	}{
		{"Via", hVia}, {"v", hVia}, {"V", hVia}, {"FROM", hFrom}, {"tO", hTo}, {"call-ID", hCallID}, {"CSeq", hCSeq},
		{"Content-Length", hContentLength}, {"CONTENT-TYPE", hContentType}, {"P-Asserted-Identity", hAsserted},
		{"p-preferred-identity", hPreferred}, {"Remote-Party-ID", hRemoteParty}, {"Proxy-Authorization", hAuthorization},
		{"Proxy-Authenticate", hChallenge}, {"WWW-Authenticate", hChallenge}, {"Refer-To", hReferTo},
		{"Refer-Tp", hOther}, {"P-Asserted-Identitx", hOther}, {"Proxy-XXthorization", hOther}, {"Vib", hOther},
		{"C%6Fntact", hOther}, {"Call\rID", hOther}, {"q", hOther}, {"Content-Lengthy", hOther}, {"Max-Forwards", hOther},
		{strings.Repeat("x", 300), hOther},
	} {
		b := []byte(c.name)
		if got := identify(b, 0, len(b), fold(load(b, 0))); got != c.want {
			t.Errorf("%q: got header %d, want %d", c.name, got, c.want)
		}
	}
}
