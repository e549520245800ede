package livetest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestCommission: an installer makes test calls while check listens on the port
// that he was given. Of a whole mirror, of one that shows all twice, and on the PBX
// itself, all is well; of a mirror of one direction, and of a port that mirrors
// nothing, he is told what is wrong and what to do.
func TestCommission(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		mirror Mirror
		at     string // the machine that listens
		status int
		want   map[string]string // how lines begin
	}{
		{"whole", Whole, "sensor", 0, map[string]string{
			"interface": "pass up, carrier, MTU 1500, no address", "frames": "pass ", "strangers": "pass ", "directions": "pass ", "sip": "pass ",
			"calls": "pass 4 legs of calls, 4 answered", "rtp": "pass 8 streams; of 1 pairs of addresses 1 are heard both ways",
			"duplicates": "pass 0 %", "vlan": "pass no tags", "tls": "pass ", "lost": "pass 0 frames by this program, 0 by the card", "view": "pass seems to be lan",
		}},
		{"one way", OneWay, "sensor", 1, map[string]string{
			"interface": "pass ", "strangers": "pass ", "directions": "fail one direction only, of all 1 pairs of addresses: 10.9.0.3 to 10.9.0.2, nothing back; on the switch, mirror both",
			"sip": "fail 0 requests answered, ", "rtp": "fail 4 streams; of 1 pairs of addresses 0 are heard both ways: 10.9.0.3 to 10.9.0.2, nothing back; ",
		}},
		{"on the PBX", None, "pbx", 0, map[string]string{
			"interface": "pass up, carrier, MTU 1500; ", "frames": "pass ", "strangers": "", "directions": "pass ", "sip": "pass ",
			"calls": "pass 4 legs of calls, 4 answered", "rtp": "pass 8 streams; of 1 pairs of addresses 1 are heard both ways",
			"duplicates": "pass 0 %", "lost": "pass 0 frames by this program, 0 by the card",
		}},
		{"twice", Whole, "sensor", 0, map[string]string{
			"sip": "pass ", "calls": "pass 4 legs of calls, 4 answered", "rtp": "pass 8 streams; ", "duplicates": "warn 50 % of the frames came twice; each counts once",
			"lost": "pass 0 frames by this program, 0 by the card",
		}},
		{"none", None, "sensor", 1, map[string]string{
			"interface": "pass ", "frames": "pass ", "strangers": "fail none of ", "directions": "fail ", "sip": "fail 0 requests answered, 0 unanswered; ", "rtp": "fail ",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := NewNetwork(t, c.mirror)
			pbx, phone := n.Host("pbx", "10.9.0.2/24"), n.Host("phone", "10.9.0.3/24")
			mirror := n.Sensor()
			pbx.Answer("10.9.0.2")
			at, ports := n.hosts[c.at], []string{"eth0"}
			if c.name == "twice" {
				n.Again(at)
				ports = append(ports, "eth1")
			}
			check := at.Start(Tollwatch(t), "check", "--json", "--live", "6s", "--config", Configure(t, ports, "auto", ""))
			check.Await("listening")
			phone.Call("10.9.0.3", "10.9.0.2", "200", 4)
			if status := check.Wait(20 * time.Second); status != c.status {
				t.Errorf("got status %d, want %d", status, c.status)
			}
			lines := sheet(t, check.Said())
			for name, want := range c.want {
				if !strings.HasPrefix(lines[name], want) || want == "" && lines[name] != "" {
					t.Errorf("%s: got %s, want %s…", name, lines[name], want)
				}
			}
			if sent := mirror.Sent(); sent != 0 {
				t.Errorf("the mirror port sent %d frames", sent)
			}
		})
	}
}

// sheet reads the lines of a check by name: result, what was found, what to do.
func sheet(t *testing.T, said string) map[string]string {
	t.Helper()
	lines := map[string]string{}
	for line := range strings.Lines(said) {
		var c struct{ Type, Check, Result, Found, Advice string }
		if strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &c) != nil {
			t.Fatalf("no JSON: %s", line)
		}
		if c.Type == "check" {
			lines[c.Check] = c.Result + " " + c.Found + "; " + c.Advice
		}
	}
	if len(lines) == 0 {
		t.Fatalf("no lines in %s", said)
	}
	return lines
}
