package device

import (
	"strings"
	"testing"

	"tollwatch/decoder/sip"
)

// TestDigest is the example of RFC 2617 §3.5.
func TestDigest(t *testing.T) {
	c := Credentials{User: "Mufasa", Password: "Circle Of Life"}
	got := c.Answer(401, "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b", "GET", "/dir/index.html")
	if want := `response="6629fae49393a05397450978507c4ef1"`; !strings.Contains(got, want) || !strings.HasPrefix(got, "Authorization: ") {
		t.Errorf("got %s, want an Authorization with %s", got, want)
	}
}

// TestMakes: every make writes a request and an answer that read back as what
// was said, without an anomaly, and no two makes write alike.
func TestMakes(t *testing.T) {
	written := map[string]string{}
	for name, k := range map[string]*Make{"kordia": Kordia(), "lumeo": Lumeo(), "pbx": PBX(), "carrier": Carrier(), "stranger": Stranger(),
		"halyard": Halyard(), "trivox": Trivox(), "quorum": Quorum(), "senda": Senda(), "ostrel": Ostrel(), "tellan": Tellan()} {
		for _, status := range []int{0, 200} {
			m := Message{
				Method: "INVITE", Status: status, RequestURI: "sip:202@192.168.10.102:5060",
				Via: k.Via("UDP", "192.168.10.101:5060", 42), CallID: k.CallID(43, "192.168.10.101"), CSeq: 7,
				From: k.NameAddr("Poste 201", "sip:201@192.168.10.5", k.Tag(44)), To: k.NameAddr("", "sip:202@192.168.10.5", ""),
				Contact: "<sip:201@192.168.10.101:5060>", Body: []byte("v=0\r\n"), Capability: true,
			}
			b := k.Append(nil, &m)
			var read sip.Message
			if !sip.Parse(b, &read) || read.Anomalies|sip.Validate(&read) != 0 {
				t.Fatalf("%s: got anomalies %v in\n%s", name, read.Anomalies, b)
			}
			if got := string(read.Text(read.CallID)); got != m.CallID || read.CSeq != 7 || read.Status != status || string(read.Text(read.Body)) != "v=0\r\n" {
				t.Errorf("%s: got Call-ID %q, CSeq %d, status %d, want %q, 7, %d", name, got, read.CSeq, read.Status, m.CallID, status)
			}
			order := headerNames(string(b))
			if other, ok := written[order]; ok && other != name {
				t.Errorf("%s writes its headers in the order of %s: %s", name, other, order)
			}
			written[order] = name
		}
	}
}

func headerNames(message string) string {
	head, _, _ := strings.Cut(message, "\r\n\r\n")
	var names []string
	for _, line := range strings.Split(head, "\r\n")[1:] {
		name, _, _ := strings.Cut(line, ":")
		names = append(names, name)
	}
	return message[:3] + strings.Join(names, " ")
}

// TestNumbers: makes write the same number in different ways, each of which is
// read as the same.
func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		make                    *Make
		user                    string
		uri, asserted, callName string
	}{
		{PBX(), "+33199001201", "sip:+33199001201@192.0.2.1", "<sip:+33199001201@192.0.2.1>", "Call-ID"},
		{Halyard(), "+33199001201", "sip:+33199001201@192.0.2.1;user=phone", "<sip:+33199001201@192.0.2.1;user=phone>", "Call-ID"},
		{Halyard(), "201", "sip:201@192.0.2.1", "<sip:201@192.0.2.1>", "Call-ID"},
		{Trivox(), "+33199001201", "sip:+33199001201@192.0.2.1", "<tel:+33199001201>", "Call-ID"},
		{Trivox(), "0199001201", "sip:0199001201@192.0.2.1", "<sip:0199001201@192.0.2.1>", "Call-ID"},
		{Quorum(), "*21*0199001201#", "sip:*21*0199001201%23@192.0.2.1", "<sip:*21*0199001201%23@192.0.2.1>", "i"},
	} {
		uri, asserted := c.make.URI(c.user, "192.0.2.1"), c.make.Asserted(c.user, "192.0.2.1")
		if uri != c.uri || asserted != c.asserted {
			t.Errorf("%s, %s: got %s and %s, want %s and %s", c.make.Name, c.user, uri, asserted, c.uri, c.asserted)
		}
		b := c.make.Append(nil, &Message{Method: "INVITE", RequestURI: uri, Via: c.make.Via("UDP", "192.0.2.1:5060", 1), From: c.make.NameAddr("", uri, "a"),
			To: c.make.NameAddr("", uri, ""), CallID: "x", CSeq: 1, Contact: "<" + uri + ">", Asserted: asserted})
		var m sip.Message
		if !sip.Parse(b, &m) || m.Anomalies|sip.Validate(&m) != 0 || !strings.Contains(string(b), "\n"+c.callName+": x\r\n") {
			t.Fatalf("%s: got anomalies %v in\n%s", c.make.Name, m.Anomalies, b)
		}
		for _, u := range [][]byte{m.Text(m.From.URI), m.Text(m.To.URI)} {
			var read sip.URI
			if sip.ParseURI(u, &read); string(sip.AppendUnescaped(nil, read.User)) != c.user {
				t.Errorf("%s: got user %s of %s, want %s", c.make.Name, read.User, u, c.user)
			}
		}
	}
}
