package packets

import (
	"bytes"
	"cmp"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/gopacket"

	"tollwatch/decoder/sip"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
)

// who names the machines of a site of fifteen telephones.
var who = map[string]string{"192.168.10.5": "pbx", "203.0.113.5": "trunk", "203.0.113.6": "trunk2", "198.51.100.77": "thief", "192.0.2.9": "stranger",
	"192.168.10.101": "201", "192.168.10.102": "202", "192.168.10.103": "203"}

// told is what passes on the wire when one thing happens at a quiet site.
func told(t *testing.T, it plan.Item, set ...string) (lines string, pcap []byte) {
	t.Helper()
	p, _ := scenario.Lookup("court-a")
	p.Attacks = nil
	for i := 0; i+1 < len(set); i += 2 {
		if err := p.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	p.Wire.RegisterEvery, p.Wire.KeepaliveEvery, p.Wire.Retransmit = 0, 0, 0
	var out, truth bytes.Buffer
	g, err := newGenerator(p, 1, &out, &truth)
	if err != nil {
		t.Fatal(err)
	}
	at := p.Start.UnixNano()
	if it.Call != nil {
		it.Call.Start = p.Start
	}
	g.do(&it, at)
	g.queue.run(func() bool { return g.tap.err != nil })
	if err := g.close(); err != nil || g.tap.err != nil {
		t.Fatal(err, g.tap.err)
	}
	var all []string
	made{pcap: out.Bytes()}.each(t, func(_ time.Time, f gopacket.Packet) {
		if line := said(t, f); line != "" {
			all = append(all, line)
		}
	})
	return strings.Join(all, "\n"), out.Bytes()
}

// said is a message in a line: from, to, start line, and what is odd in it.
func said(t *testing.T, f gopacket.Packet) string {
	t.Helper()
	var m sip.Message
	b := f.TransportLayer().LayerPayload()
	if !sip.LooksLike(b) || !sip.Parse(b, &m) {
		return ""
	}
	if m.Anomalies != 0 {
		t.Errorf("anomalies %v in\n%s", m.Anomalies, b)
	}
	flow := f.NetworkLayer().NetworkFlow()
	line := fmt.Sprintf("%s>%s ", name(flow.Src()), name(flow.Dst()))
	if m.Request {
		line += m.Method.String()
	} else {
		line += fmt.Sprint(m.Status)
	}
	for _, odd := range []string{"a=sendonly", "a=recvonly", "a=inactive", "udptl t38", "Diversion: ", "Refer-To: ", "SIP/2.0 100 Trying\r\n", "SIP/2.0 200 OK\r\n", "SIP/2.0 480", "Authorization: Digest"} {
		if bytes.Contains(b[len("SIP/2.0 "):], []byte(odd)) {
			line += " " + strings.TrimSpace(odd)
		}
	}
	if m.Status == 302 {
		line += " " + string(m.Text(m.Contact.URI))
	}
	if m.Method == sip.Bye && m.Request && m.To.Tag.Empty() {
		line += " without tag"
	}
	if m.Contacts > 1 {
		line += fmt.Sprintf(" %d contacts", m.Contacts)
	}
	return line
}

func name(e gopacket.Endpoint) string { return cmp.Or(who[e.String()], "another") }

func outward() *plan.Call {
	return &plan.Call{ID: 1, Direction: plan.Outbound, Entry: plan.FromPhone, Outcome: plan.Answered, RingAfter: time.Second, AnswerAfter: 3 * time.Second, Duration: 20 * time.Second,
		Extension: "201", CLI: "+33199001201", Number: "+33199005555", DialledByPhone: "00199005555", SentToTrunk: "+33199005555"}
}

func inward() *plan.Call {
	c := outward()
	c.Direction, c.CLI, c.SentToTrunk, c.DialledByPhone = plan.Inbound, c.Number, "+33199001201", ""
	return c
}

// with changes a call.
func with(c *plan.Call, change func(c *plan.Call)) plan.Item {
	change(c)
	return plan.Item{Call: c}
}

func onward(how plan.How, after, duration time.Duration) *plan.Onward {
	const abroad = "+13455550101"
	return &plan.Onward{How: how, Number: abroad, SentToTrunk: abroad, After: after, Duration: duration}
}

type story struct {
	name string
	item plan.Item
	set  []string // keys and values of the scenario
}

// stories are what may happen, in the order of testdata/stories.txt.
func stories() []story {
	stranger := netip.MustParseAddr("192.0.2.9")
	return []story{
		{"a call out", with(outward(), func(*plan.Call) {}), nil},
		{"the trunk alone is seen", with(outward(), func(*plan.Call) {}), []string{"view", "trunk-only"}},
		{"the PBX calls of its own", with(outward(), func(c *plan.Call) { c.Entry = plan.FromPBX }), nil},
		{"a stranger has the password", with(outward(), func(c *plan.Call) { c.Entry, c.Address = plan.FromInternet, stranger }), nil},
		{"a stranger without password is served", with(outward(), func(c *plan.Call) { c.Entry = plan.FromStranger }), nil},
		{"a stranger without password is refused", with(outward(), func(c *plan.Call) {
			c.Entry = plan.FromStranger
			c.Refuse(plan.Rejected, time.Second)
		}), nil},
		{"there is no way there", with(outward(), func(c *plan.Call) {
			c.Unrouted = true
			c.Refuse(plan.Failed, 20*time.Millisecond)
		}), nil},
		{"the caller gives up", with(outward(), func(c *plan.Call) { c.Outcome, c.Duration = plan.Cancelled, 0 }), nil},
		{"the second line, the callee ends", with(outward(), func(c *plan.Call) { c.Trunk, c.CalleeEnds = 1, true }), []string{"trunks", "2"}},
		{"held", with(outward(), func(c *plan.Call) { c.HoldAfter, c.HoldFor = 5*time.Second, 5*time.Second }), nil},
		{"held, with music", with(outward(), func(c *plan.Call) { c.ID, c.HoldAfter, c.HoldFor = 6, 5*time.Second, 5*time.Second }), nil},
		{"no end is seen", with(outward(), func(c *plan.Call) { c.NoBye = true }), nil},
		{"a fax", with(outward(), func(c *plan.Call) { c.Media = plan.Fax }), []string{"media", "none"}},
		{"a call in, three telephones ring", with(inward(), func(c *plan.Call) { c.Ringing = []string{"202", "203"} }), nil},
		{"the mailbox answers", with(inward(), func(c *plan.Call) { c.Voicemail = true }), nil},
		{"forwarded before it rings", with(inward(), func(c *plan.Call) {
			c.Onward = onward(plan.Forwarded, 20*time.Millisecond, 10*time.Second)
			c.Onward.Instead, c.RingAfter = true, 0
		}), nil},
		{"the telephone answers 302", with(inward(), func(c *plan.Call) { c.Onward = onward(plan.Redirected, time.Second, 10*time.Second) }), nil},
		{"transferred", with(inward(), func(c *plan.Call) { c.Onward = onward(plan.Transferred, 4*time.Second, 10*time.Second) }), nil},
		{"transferred in vain", with(inward(), func(c *plan.Call) {
			c.Onward, c.Duration = onward(plan.Transferred, 4*time.Second, 0), time.Minute
		}), nil},
		{"keys of the mailbox call on", with(inward(), func(c *plan.Call) {
			c.Voicemail, c.Digits, c.Onward = true, "*1234#0#", onward(plan.Dialled, 9*time.Second, 8*time.Second)
		}), nil},
		{"nothing of it is real", with(outward(), func(c *plan.Call) { c.Forged = true }), nil},
		{"somebody else ends it", with(outward(), func(c *plan.Call) { c.ID, c.ForgedBye = 3, 10*time.Second }), nil},
		{"somebody else ends it, without a tag", with(outward(), func(c *plan.Call) { c.ForgedBye = 10 * time.Second }), nil},
		{"somebody else ends it, in the caller's name", with(outward(), func(c *plan.Call) { c.ID, c.ForgedBye = 6, 10*time.Second }), nil},
		{"somebody registers as 201", plan.Item{Registration: &plan.Registration{Extension: "201", Address: stranger, Accepted: true, Expires: time.Hour}}, nil},
		{"somebody guesses a password", plan.Item{Registration: &plan.Registration{Extension: "201", Address: stranger}}, nil},
		{"somebody else's binding is listed", plan.Item{Registration: &plan.Registration{Address: stranger, Unseen: true}}, nil},
		{"somebody asks for capabilities", plan.Item{Probe: &plan.Probe{Address: stranger, Method: "OPTIONS", User: "100", Status: 200}}, nil},
		{"somebody calls and is not answered", plan.Item{Probe: &plan.Probe{Address: stranger, Method: "INVITE", User: "9011"}}, nil},
		{"somebody calls and is asked who he is", plan.Item{Probe: &plan.Probe{Address: stranger, Method: "INVITE", User: "9011", Status: 401}}, nil},
		{"a person says that all is well", plan.Item{Acknowledgment: &plan.Acknowledgment{Extension: "201"}}, nil},
		{"nobody can read it", with(outward(), func(*plan.Call) {}), []string{"transport", "tls"}},
	}
}

// TestStories: what each thing that may happen is on the wire, message by
// message: testdata/stories.txt is to be read, and says it all.
func TestStories(t *testing.T) {
	const file = "testdata/stories.txt"
	var all strings.Builder
	for _, s := range stories() {
		lines, _ := told(t, s.item, append([]string{"media", "none"}, s.set...)...)
		fmt.Fprintf(&all, "# %s\n%s\n\n", s.name, lines)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("%s (-) and what is made (+) differ: %s", file, diff)
	}
}

// TestMediaOfAForm: who is heard, and when, of a call of twenty seconds that is
// answered after three and, in some, held from eight to thirteen.
func TestMediaOfAForm(t *testing.T) {
	held := func(id uint64) plan.Item {
		return with(outward(), func(c *plan.Call) { c.ID, c.HoldAfter, c.HoldFor = id, 5*time.Second, 5*time.Second })
	}
	for _, c := range []struct {
		name string
		item plan.Item
		want string // packets in whole seconds, about: before, while and after it is held, or is a fax
	}{
		{"spoken", with(outward(), func(*plan.Call) {}), "201>pbx 5 5 10, pbx>201 5 5 10"},
		{"one way", with(outward(), func(c *plan.Call) { c.Media = plan.OneWay }), "201>pbx 5 5 10, pbx>201 0 0 0"},
		{"silent", with(outward(), func(c *plan.Call) { c.Media = plan.Silent }), "201>pbx 0 0 0, pbx>201 0 0 0"},
		{"held", held(1), "201>pbx 5 0 10, pbx>201 5 0 10"},
		{"held, with music", held(6), "201>pbx 5 5 10, pbx>201 5 0 10"},
		{"fax", with(outward(), func(c *plan.Call) { c.Media = plan.Fax }), "201>pbx 3 0 0, pbx>201 3 0 0, fax 17"},
	} {
		_, pcap := told(t, c.item)
		seconds, fax, start := map[string]*[3]float64{"201>pbx": {}, "pbx>201": {}}, 0.0, time.Time{}
		made{pcap: pcap}.each(t, func(at time.Time, f gopacket.Packet) {
			if start.IsZero() {
				start = at
			}
			flow, b := f.NetworkLayer().NetworkFlow(), f.TransportLayer().LayerPayload()
			way := seconds[name(flow.Src())+">"+name(flow.Dst())]
			since := at.Sub(start) - 3*time.Second
			switch {
			case way == nil || sip.LooksLike(b):
			case b[0] == 0x80 && len(b) == 172:
				part := 0
				if since > 10*time.Second {
					part = 2
				} else if since > 5*time.Second {
					part = 1
				}
				way[part] += float64(ptime) / 1e9
			case len(b) < 130 && b[0] < 0x80:
				fax += float64(faxEvery) / 1e9 / 2
			}
		})
		a, b := seconds["201>pbx"], seconds["pbx>201"]
		got := fmt.Sprintf("201>pbx %.0f %.0f %.0f, pbx>201 %.0f %.0f %.0f", a[0], a[1], a[2], b[0], b[1], b[2])
		if fax > 0 {
			got += fmt.Sprintf(", fax %.0f", fax)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
