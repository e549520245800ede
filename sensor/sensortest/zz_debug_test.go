package sensortest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/wire"
	labtruth "tollwatch/sensor/lab/truth"
)

func TestZZ(t *testing.T) {
	base := os.Getenv("ZBASE")
	p, _ := scenario.Load(base)
	p.Wire.Media = "none"
	if base == "office-day" {
		p.Extensions, p.Office.Outbound, p.Office.Inbound, p.Office.Internal = 80, 900, 900, 300
		if os.Getenv("ZTCP") != "" {
			p.Wire.Transport, p.Wire.IP, p.Wire.TrunkFormat = "tcp", 6, string(scenario.International00)
		}
	} else {
		a := &p.Attacks[0]
		a.Length, a.CallsPerMinute, a.Answer, a.Numbers, a.Extension = 15*time.Second, 3600, 0.8, 10, "203"
	}
	var loss uint64
	fmt.Sscan(os.Getenv("ZLOSS"), &loss)
	for seed := uint64(61); seed < 64; seed++ {
		file := filepath.Join(t.TempDir(), "c.pcap")
		var told bytes.Buffer
		f, _ := os.Create(file)
		packets.Generate(t.Context(), p, seed, f, &told)
		f.Close()
		var doc struct{ Calls []labtruth.Call }
		json.Unmarshal(told.Bytes(), &doc)
		groups := groupsOf(t, file, seed, loss)
		owner := map[string]uint64{}
		mixed := map[string]bool{}
		for _, c := range doc.Calls {
			for _, l := range c.Legs {
				g, seen := groups[l.CallID]
				if first, taken := owner[g]; seen && taken && first != c.ID {
					mixed[g] = true
				} else if seen {
					owner[g] = c.ID
				}
			}
		}
		// lossy copy
		lf := fmt.Sprintf("/tmp/lossy-%d.pcap", seed)
		out, _ := os.Create(lf)
		w, _ := wire.NewCapture(out, true)
		src, _ := capture.OpenFiles([]string{file}, nil)
		from := &lossy{Source: src, seed: seed, one: loss}
		var fr capture.Frame
		for from.Next(&fr) == nil {
			w.Write(fr.Time, fr.Data)
		}
		w.Flush()
		out.Close()
		n := 0
		for _, c := range doc.Calls {
			gs := map[string]bool{}
			bad := false
			for _, l := range c.Legs {
				if g, ok := groups[l.CallID]; ok {
					gs[g] = true
					bad = bad || mixed[g]
				}
			}
			if (len(gs) > 1 || bad) && n < 6 {
				n++
				fmt.Println("== seed", seed, "call", c.ID, c.Direction, c.Outcome, c.Number, "bad", bad, gs)
				for _, l := range c.Legs {
					fmt.Println("  leg", l.Side, l.CallID, groups[l.CallID], "invites", l.Invites)
					if os.Getenv("ZV") != "" {
						b, _ := exec.Command("sh", "-c", "ngrep -I "+lf+" "+l.CallID).Output()
						_ = b
					}
				}
				show(lf, c.Legs)
			}
		}
	}
}

func show(lf string, legs []labtruth.Leg) {
	src, _ := capture.OpenFiles([]string{lf}, nil)
	var fr capture.Frame
	for src.Next(&fr) == nil {
		for i, l := range legs {
			if bytes.Contains(fr.Data, []byte(l.CallID)) {
				s := string(fr.Data)
				at := strings.Index(s, "SIP/2.0")
				if j := strings.LastIndexAny(s[:at], "\x00\xff"); j >= 0 {
					s = s[j:]
				}
				k := strings.Index(s, "SIP/2.0")
				line := s[max(0, k-60):min(len(s), k+24)]
				if q := strings.Index(line, "\r"); q > 0 {
					line = line[:q]
				}
				cs := s[strings.Index(s, "CSeq"):]
				fmt.Printf("    %s leg%d %q %s\n", fr.Time.Format("15:04:05.0000"), i, line, cs[:strings.Index(cs, "\r")])
			}
		}
	}
}
