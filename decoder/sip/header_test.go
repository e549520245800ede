package sip

import (
	"strings"
	"testing"
)

// TestNames: every name that Parse reads is found, in any case, and nothing
// that only resembles it.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		name string
		want headerID
	}{
		{"Via", hVia}, {"v", hVia}, {"V", hVia}, {"6", hOther}, {"Vi", hOther}, {"Viaa", hOther}, {"Server", hServer}, {"Session-Expires", hSessionExpires}, {"Date", hDate}, {"Event", hEvent}, {"Expires", hExpires}, {"Contact", hContact}, {"Content-Typo", hOther}, {"User-Agent", hUserAgent}, {"Diversion", hDiversion}, {"History-Info", hHistoryInfo}, {"Referred-By", hReferredBy}, {"Replaces", hReplaces}, {"Reason", hReason}, {"Authorization", hAuthorization},
		{"c", hContentType}, {"f", hFrom}, {"i", hCallID}, {"l", hContentLength}, {"m", hContact}, {"o", hEvent}, {"r", hReferTo}, {"t", hTo}, {"x", hSessionExpires}, {"b", hReferredBy}, {"FROM", hFrom}, {"tO", hTo}, {"call-ID", hCallID}, {"CSeq", hCSeq},
		{"Content-Length", hContentLength}, {"CONTENT-TYPE", hContentType}, {"P-Asserted-Identity", hAsserted},
		{"p-preferred-identity", hPreferred}, {"Remote-Party-ID", hRemoteParty}, {"Proxy-Authorization", hAuthorization},
		{"Proxy-Authenticate", hChallenge}, {"WWW-Authenticate", hChallenge}, {"Refer-To", hReferTo},
		{"Refer-Tp", hOther}, {"P-Asserted-Identitx", hOther}, {"Proxy-XXthorization", hOther}, {"Vib", hOther},
		{"C%6Fntact", hOther}, {"Call\rID", hOther}, {"q", hOther}, {"Via\x00", hOther}, {"Via\x00\x00\x00\x00\x00", hOther}, {"Refer-To2", hOther}, {"Content-Lengthy", hOther}, {"Max-Forwards", hOther},
		{strings.Repeat("x", 300), hOther},
	} {
		for _, blanks := range []string{"", " ", " \t  \t   "} {
			b := []byte(c.name + blanks + ": x:y")
			got, v := identifyTail(b)
			if v == 0 {
				got, v = nameOf(b, 0, len(b))
			}
			if got != c.want || got != hOther && string(b[v:]) != " x:y" {
				t.Errorf("%q: got header %d and %q, want %d", b, got, b[v:], c.want)
			}
			if id, v := nameOf(b, 0, len(b)); id != c.want || string(b[v:]) != " x:y" {
				t.Errorf("%q: nameOf got header %d and %q, want %d", b, id, b[v:], c.want)
			}
		}
	}
}

func TestNoName(t *testing.T) {
	for _, in := range []string{":", ": x", "a", "\x01: x", "\x01 : x", "Via", "Content-Length", " Via: x", "no colon in a long line"} {
		if id, n := identifyTail([]byte(in)); id != hOther || n != 0 {
			t.Errorf("%q: got header %d of %d bytes, want none", in, id, n)
		}
		if id, v := nameOf([]byte(in), 0, len(in)); id != hOther || v != 0 {
			t.Errorf("%q: got header %d, value at %d, want none", in, id, v)
		}
	}
}
