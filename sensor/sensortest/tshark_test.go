package sensortest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
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

// forms are scenarios that have every packet form between them.
func forms(t *testing.T) map[string]scenario.Parameters {
	t.Helper()
	day := []string{"length", cmp.Or(os.Getenv("LAB_LENGTH"), "14h"), "media", "none"}
	forms := map[string]scenario.Parameters{"attacks": everyAttack(t)}
	for _, p := range honest.Profiles() {
		forms[p.Name] = named(t, p.Name, day...)
	}
	centre := forms["call_centre"]
	centre.Honest.Outbound = 300
	forms["call_centre"] = centre
	forms["migration"] = named(t, "office", append(day, "honest.migration", "10h")...)
	forms["tcp"] = named(t, "office", append(day, "transport", "tcp")...)
	forms["missed"] = named(t, "office", append(day, "transport", "tcp", "sip_loss", "0.05")...)
	forms["box"] = named(t, "office", append(day, "trunk_address", "private", "ip", "6")...)
	forms["shared"] = named(t, "office", append(day, "trunk_address", "shared", "trunk_format", "national", "outside_prefix", "9")...)
	talk := named(t, "hospital", "length", "15m", "media", "all", "honest.faxes", "4", "honest.outbound", "240", "honest.inbound", "240", "honest.consult", "1")
	talk.Start = talk.Start.Add(18*time.Hour + 50*time.Minute)
	talk.Honest.TalkMost = 90 * time.Second
	forms["media"] = talk
	return forms
}

// TestWiresharkReadsTheLab: tshark, which shares no line with the lab, finds no
// malformed packet in any packet form, and the calls that the truth tells: a day
// of one site of each kind here, two weeks of several in `make nightly`.
func TestWiresharkReadsTheLab(t *testing.T) {
	_, err := exec.LookPath("tshark")
	need(t, err == nil, "tshark is not installed; `make test` installs it")
	seeds, _ := strconv.Atoi(cmp.Or(os.Getenv("LAB_SEEDS"), "1"))
	for name, p := range forms(t) {
		for seed := range seeds {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				file, calls := write(t, p, 4+uint64(seed))
				defer os.Remove(file)
				if complaints := tshark(t, file, "-Y", "_ws.malformed || _ws.expert.severity == error", "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.message"); complaints != "" {
					t.Errorf("tshark complains: %.600s", complaints)
				}
				compareCallIDs(t, file, calls, name == "attacks" || p.Honest.Probes > 0, p.Wire.SIPLoss > 0)
				if name == "media" {
					compareFaxes(t, file, calls)
				}
			})
		}
	}
}

// compareCallIDs has the same calls in the capture and in the truth; probes are
// calls that the truth does not tell, and of what is missed some may be gone.
func compareCallIDs(t *testing.T, file string, calls []facts.Call, probes, missed bool) {
	t.Helper()
	var want []string
	for _, c := range calls {
		for _, l := range c.Legs {
			want = append(want, l.CallID)
		}
	}
	got := strings.Fields(tshark(t, file, "-Y", "sip.Method == INVITE", "-T", "fields", "-e", "sip.Call-ID"))
	slices.Sort(got)
	got = slices.Compact(got)
	unseen := 0
	for _, id := range want {
		if _, found := slices.BinarySearch(got, id); !found {
			unseen++
		}
	}
	if unseen > 0 && (!missed || unseen > len(want)/20) {
		t.Errorf("tshark does not find %d of %d calls", unseen, len(want))
	}
	if more := len(got) + unseen - len(want); more != 0 && !probes || len(want) < 10 {
		t.Errorf("tshark finds %d calls, the truth tells of %d", len(got), len(want))
	}
}

// compareFaxes has the same packets of UDPTL in the capture and in the truth.
func compareFaxes(t *testing.T, file string, calls []facts.Call) {
	t.Helper()
	want := 0
	for _, c := range calls {
		for _, s := range c.Streams {
			if s.Fax {
				want += s.Packets
			}
		}
	}
	if got := len(strings.Fields(tshark(t, file, "-Y", "t38", "-T", "fields", "-e", "frame.number"))); got != want || want < 1000 {
		t.Errorf("tshark finds %d packets of T.38, the truth tells of %d", got, want)
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
