package sensortest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
	facts "tollwatch/sensor/lab/truth"
)

// everyAttack is an office to which all attacks are done, one after the other,
// ten minutes each.
func everyAttack(t *testing.T) scenario.Parameters {
	t.Helper()
	p := named(t, "office", "media", "none", "vary", "0")
	p.Start = p.Start.Add(9 * time.Hour)
	for _, c := range attack.Cases() {
		for _, a := range c.Draw(plan.NewRand(7, 7), p.Extensions) {
			a.After, a.Length = time.Duration(len(p.Attacks))*10*time.Minute, 10*time.Minute
			a.CallsPerMinute = min(max(a.CallsPerMinute, .5), 10)
			p.Attacks = append(p.Attacks, a)
		}
	}
	p.Length = time.Duration(len(p.Attacks)) * 10 * time.Minute
	return p
}

func named(t *testing.T, name string, set ...string) scenario.Parameters {
	t.Helper()
	p, ok := scenario.Lookup(name)
	if !ok {
		t.Fatalf("no scenario %s", name)
	}
	for i := 0; i+1 < len(set); i += 2 {
		if err := p.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// TestWiresharkReadsTheLab: tshark, which shares no line with the lab, finds no
// malformed packet in any packet form, and the calls that the truth tells.
func TestWiresharkReadsTheLab(t *testing.T) {
	_, err := exec.LookPath("tshark")
	need(t, err == nil, "tshark is not installed; `make test` installs it")
	day := []string{"length", "14h", "media", "none"}
	scenarios := map[string]scenario.Parameters{"attacks": everyAttack(t)}
	for _, profile := range []string{"office", "hotel", "call_centre", "school", "trading", "ngo", "hospital"} {
		scenarios[profile] = named(t, profile, day...)
	}
	call := scenarios["call_centre"]
	call.Honest.Outbound = 300
	scenarios["call_centre"] = call
	scenarios["migration"] = named(t, "office", append(day, "honest.migration", "10h")...)
	scenarios["tcp"] = named(t, "office", append(day, "transport", "tcp")...)
	scenarios["box"] = named(t, "office", append(day, "trunk_address", "private", "ip", "6")...)
	scenarios["shared"] = named(t, "office", append(day, "trunk_address", "shared", "trunk_format", "national", "outside_prefix", "9")...)
	talk := named(t, "hotel", "length", "20m", "media", "all", "honest.faxes", "30", "honest.night", "1")
	talk.Start = talk.Start.Add(19 * time.Hour)
	talk.Honest.TalkMost = 90 * time.Second
	scenarios["media"] = talk
	for name, p := range scenarios {
		t.Run(name, func(t *testing.T) {
			file, calls := write(t, p, 4)
			if complaints := tshark(t, file, "-Y", "_ws.malformed || _ws.expert.severity == error", "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.message"); complaints != "" {
				t.Errorf("tshark complains: %.600s", complaints)
			}
			var want []string
			for _, c := range calls {
				for _, l := range c.Legs {
					want = append(want, l.CallID)
				}
			}
			got := strings.Fields(tshark(t, file, "-Y", "sip.Method == INVITE", "-T", "fields", "-e", "sip.Call-ID"))
			probes := 0
			got = slices.DeleteFunc(got, func(id string) bool { return id == "" })
			slices.Sort(got)
			got = slices.Compact(got)
			slices.Sort(want)
			for _, id := range want {
				if _, found := slices.BinarySearch(got, id); !found {
					t.Fatalf("tshark does not find the call %s", id)
				}
			}
			if probes = len(got) - len(want); probes < 0 || probes > 0 && name != "attacks" {
				t.Errorf("tshark finds %d calls, the truth tells of %d", len(got), len(want))
			}
		})
	}
}

// TestWiresharkReadsNothingInTLS: where all signalling is encrypted there is
// TLS, nothing malformed, and no SIP.
func TestWiresharkReadsNothingInTLS(t *testing.T) {
	_, err := exec.LookPath("tshark")
	need(t, err == nil, "tshark is not installed; `make test` installs it")
	file, calls := write(t, named(t, "office", "length", "14h", "media", "none", "transport", "tls"), 4)
	protocols := strings.Fields(tshark(t, file, "-T", "fields", "-e", "_ws.col.Protocol"))
	counts := map[string]int{}
	for _, p := range protocols {
		counts[p]++
	}
	if len(calls) < 20 || counts["TLSv1.2"] < 500 || counts["SIP"]+counts["SIP/SDP"] > 0 {
		t.Errorf("%d calls: got packets %v, want TLS and no SIP", len(calls), counts)
	}
	if complaints := tshark(t, file, "-Y", "_ws.malformed || _ws.expert.severity == error", "-T", "fields", "-e", "_ws.expert.message"); complaints != "" {
		t.Errorf("tshark complains: %.600s", complaints)
	}
}

func tshark(t *testing.T, file string, args ...string) string {
	t.Helper()
	cmd := exec.Command("tshark", append([]string{"-n", "-r", file}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v: %s", err, &stderr)
	}
	return string(out)
}

// write generates a scenario into a file.
func write(t *testing.T, p scenario.Parameters, seed uint64) (file string, calls []facts.Call) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "lab.pcap")
	pcap, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer pcap.Close()
	var told bytes.Buffer
	if _, err := packets.Generate(t.Context(), p, seed, pcap, &told); err != nil {
		t.Fatal(err)
	}
	var doc struct{ Calls []facts.Call }
	if err := json.Unmarshal(told.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return file, doc.Calls
}
