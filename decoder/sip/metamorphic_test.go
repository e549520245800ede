package sip

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// own returns the messages of testdata.
func own(tb testing.TB) [][]byte { return readAll(tb, "testdata/*.sip") }

// essence is what must not change when a message is written differently. White
// space within values is folded, as a reader of the value would.
func essence(m *Message) map[string]string {
	f := map[string]string{}
	for k, v := range map[string]Span{"method": m.MethodText, "uri": m.RequestURI, "reason": m.Reason, "callid": m.CallID, "branch": m.Branch,
		"from": m.From.URI, "fromtag": m.From.Tag, "to": m.To.URI, "totag": m.To.Tag, "contact": m.Contact.URI, "agent": m.UserAgent,
		"type": m.ContentType, "body": m.Body, "asserted": m.Asserted.URI, "diversion": m.Diversion.URI, "referto": m.ReferTo.URI,
		"referredby": m.ReferredBy.URI, "session": m.SessionExpire, "authorization": m.Authorization, "why": m.ReasonHeader} {
		f[k] = strings.Join(strings.Fields(text(m, v)), " ")
	}
	f["numbers"] = fmt.Sprint(m.Request, m.Method, m.Status, m.CSeq, m.CSeqMethod, m.Contacts, m.Vias, m.Expires, m.ContentLength)
	return f
}

var longForm = map[string]string{"v": "Via", "f": "From", "t": "To", "i": "Call-ID", "m": "Contact", "l": "Content-Length",
	"c": "Content-Type", "r": "Refer-To", "b": "Referred-By", "x": "Session-Expires"}

// rewrite applies f to each header line of b.
func rewrite(b []byte, f func(name, value string) string) []byte {
	head, body, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	lines := strings.Split(string(head), "\r\n")
	for i, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ":")
		lines[i+1] = f(name, value)
	}
	return append([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), body...)
}

// TestMetamorphic: the same message in another dress has the same essence.
func TestMetamorphic(t *testing.T) {
	line := func(name, value string) string { return name + ":" + value }
	dresses := []struct {
		name string
		f    func(name, value string) string
	}{
		{"upper case names", func(n, v string) string { return line(strings.ToUpper(n), v) }},
		{"lower case names", func(n, v string) string { return line(strings.ToLower(n), v) }},
		{"blanks before the colon", func(n, v string) string { return line(n+" \t ", v) }},
		{"no blank behind the colon", func(n, v string) string { return line(n, strings.TrimLeft(v, " ")) }},
		{"blanks at the end", func(n, v string) string { return line(n, v+" \t") }},
		{"long names", func(n, v string) string {
			if long := longForm[n]; long != "" {
				n = long
			}
			return line(n, v)
		}},
		{"compact names", func(n, v string) string {
			for short, long := range longForm {
				if strings.EqualFold(n, long) {
					n = short
				}
			}
			return line(n, v)
		}},
		{"folded behind the colon", func(n, v string) string { return line(n, "\r\n "+v) }},
		{"folded at semicolons", func(n, v string) string {
			if strings.Contains(v, `"`) {
				return line(n, v)
			}
			if strings.EqualFold(n, "via") || strings.EqualFold(n, "from") || strings.EqualFold(n, "to") {
				v = strings.ReplaceAll(v, ";", "\r\n ; ")
			}
			return line(n, v)
		}},
	}
	for _, b := range own(t) {
		want := essence(parsed(t, b))
		for _, d := range dresses {
			if d.name == "folded at semicolons" && bytes.Contains(b, []byte(";user=phone>")) {
				continue // a semicolon within <> is no place for a fold
			}
			other := rewrite(b, d.f)
			if diff := cmp.Diff(want, essence(parsed(t, other))); diff != "" {
				t.Errorf("%s: %q (-want +got):\n%s", d.name, other, diff)
			}
		}
		other := bytes.ReplaceAll(b[:bytes.Index(b, []byte("\r\n\r\n"))+4], []byte("\r\n"), []byte("\n"))
		other = append(other, b[bytes.Index(b, []byte("\r\n\r\n"))+4:]...)
		if diff := cmp.Diff(want, essence(parsed(t, other))); diff != "" {
			t.Errorf("LF alone: %q (-want +got):\n%s", other, diff)
		}
	}
}

// TestHeaderOrder: the order of different headers means nothing.
func TestHeaderOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, b := range own(t) {
		want := essence(parsed(t, b))
		head, body, _ := bytes.Cut(b, []byte("\r\n\r\n"))
		lines := strings.Split(string(head), "\r\n")
		for range 20 {
			groups := groupByName(lines[1:])
			random.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
			other := []byte(lines[0] + "\r\n" + strings.Join(groups, "\r\n") + "\r\n\r\n" + string(body))
			if diff := cmp.Diff(want, essence(parsed(t, other))); diff != "" {
				t.Fatalf("%q (-want +got):\n%s", other, diff)
			}
		}
	}
}

// groupByName keeps headers of one name together: among them order means much.
func groupByName(lines []string) []string {
	var groups []string
	at := map[string]int{}
	for _, l := range lines {
		name, _, _ := strings.Cut(strings.ToLower(l), ":")
		if long := longForm[name]; long != "" {
			name = strings.ToLower(long)
		}
		if i, ok := at[name]; ok {
			groups[i] += "\r\n" + l
			continue
		}
		at[name] = len(groups)
		groups = append(groups, l)
	}
	return groups
}

// TestSplitAndJoin: a list in one header is the same as one header a value.
func TestSplitAndJoin(t *testing.T) {
	apart := message("Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK2\r\nVia: SIP/2.0/TCP c",
		"Contact: <sip:a@x>;q=1\r\nContact: sip:b@y\r\nContact: \"c, d\" <sip:c@z>")
	joined := message("Via: SIP/2.0/UDP a;branch=z9hG4bK1,SIP/2.0/UDP b;branch=z9hG4bK2 , SIP/2.0/TCP c",
		"Contact: <sip:a@x>;q=1, sip:b@y,\"c, d\" <sip:c@z>")
	if d := cmp.Diff(essence(parsed(t, apart)), essence(parsed(t, joined))); d != "" {
		t.Errorf("(-apart +joined):\n%s", d)
	}
	if d := cmp.Diff(contacts(parsed(t, apart)), contacts(parsed(t, joined))); d != "" {
		t.Errorf("(-apart +joined):\n%s", d)
	}
}

func contacts(m *Message) []string {
	var uris []string
	for a, next := m.NextContact(0); next >= 0; a, next = m.NextContact(next) {
		uris = append(uris, text(m, a.URI))
	}
	return uris
}

// TestTruncation: cut at every byte, a message is refused or gives a part of
// its facts, never others.
func TestTruncation(t *testing.T) {
	for _, b := range own(t) {
		whole := essence(parsed(t, b))
		for n := range b {
			var m Message
			if !Parse(b[:n], &m) {
				continue
			}
			checkSpans(t, b[:n], &m)
			if m.Anomalies&(NoEmptyLine|ShortBody) == 0 && m.ContentLength != 0 {
				t.Fatalf("%q: cut, but no bit says so: %s", b[:n], m.Anomalies)
			}
			for k, v := range essence(&m) {
				if k != "numbers" && !strings.HasPrefix(whole[k], v) {
					t.Fatalf("%q: got %s %q, want the beginning of %q", b[:n], k, v, whole[k])
				}
			}
		}
	}
}

// TestLong: what does not fit the offsets is cut, and said.
func TestLong(t *testing.T) {
	for _, size := range []int{MaxMessage, MaxMessage + 1, 3 * MaxMessage} {
		b := append(message("Content-Length: 200000"), bytes.Repeat([]byte("x"), size)...)[:size]
		m := parsed(t, b)
		if got, want := m.Anomalies.Has(Cut), size > MaxMessage; got != want {
			t.Errorf("%d bytes: got cut %v, want %v", size, got, want)
		}
		if got := int(m.Body.End); got != MaxMessage {
			t.Errorf("%d bytes: body ends at %d, want %d", size, got, MaxMessage)
		}
	}
}
