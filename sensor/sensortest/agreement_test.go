package sensortest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/record"
)

// truth is what a reference decoder saw in a capture, as corpus/README.md
// describes it.
type truth struct {
	Packets int
	SIP     struct {
		Messages      int
		InviteCallIDs int `json:"invite_call_ids"`
		AnsweredCalls int `json:"answered_calls"`
	}
	Dialogs []struct {
		CallID      string   `json:"call_id"`
		InviteTime  *float64 `json:"invite_time"`
		Answered    bool
		Duration    *float64
		FinalStatus *string `json:"final_status"`
	}
	Streams []struct {
		SSRC         string
		Src, Dst     string
		Sport, Dport int
		Packets      uint64
		Lost         int64
		Duplicates   uint64
	} `json:"rtp_seq"`
}

// target is the share of captures that must agree wholly.
const target = 0.85

// tolerance of a call's duration.
const tolerance = 0.020

// exceptions are captures in which the sensor and the truth differ and the
// bytes say why. An exception without a reason is a failure.
var exceptions = map[string]string{
	"isa-sip": "the second stream, 76 packets, has no SDP in the capture; the reference's own heuristics find the same 76 " +
		"(captures.tsv), its table of streams leaves them out",
	"ndpi-fuzz-2594": "a randomly damaged copy of another capture: tags are damaged within two dialogs, so that their answers " +
		"belong to nobody, and of five streams four are single damaged packets",
	"ndpi-t38-fax": "27 packets that follow the switch to T.38 on its port are RTP all the same: version 2, the old SSRC, the " +
		"sequence going on, 160 bytes of PCMA; the reference takes them for damaged T.38",
	"sipnab-sipp-branch": "three calls whose 200 is not in the capture, but whose ACK, five seconds of talk, BYE and its 200 " +
		"are: they were answered; the reference counts 200s",
}

// TestAgreement reads every capture of the corpus, prints the sensor's calls
// and streams beside the truth, and fails under the target.
func TestAgreement(t *testing.T) {
	corpus := Corpus(t)
	files, err := filepath.Glob(filepath.Join(corpus, "captures", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures under %s: %v", corpus, err)
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "capture\tcalls\ttruth\tanswered\ttruth\tstreams\ttruth\tSIP\ttruth\t")
	agree := 0
	for _, file := range files {
		slug := strings.SplitN(filepath.Base(file), ".", 2)[0]
		want := readTruth(t, filepath.Join(corpus, "truth", slug+".json"))
		found := replayCapture(t, file)
		differences := compare(found, want)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", slug, len(callIDs(found)), want.SIP.InviteCallIDs,
			found.Summary.Answered, want.SIP.AnsweredCalls, len(found.Streams), len(want.Streams),
			messages(found.Summary), want.SIP.Messages, strings.Join(differences, "; "))
		if len(differences) == 0 {
			agree++
		} else if exceptions[slug] == "" {
			t.Errorf("%s differs, and no reason is written: %s", slug, strings.Join(differences, "; "))
		}
		if reason, ok := exceptions[slug]; ok && len(differences) == 0 {
			t.Errorf("%s agrees now: take its exception away (%s)", slug, reason)
		}
	}
	w.Flush()
	t.Logf("\n%s\n%d of %d captures agree (%.1f %%)", table.String(), agree, len(files), 100*float64(agree)/float64(len(files)))
	if float64(agree) < target*float64(len(files)) {
		t.Errorf("%d of %d captures agree, want at least %.0f %%", agree, len(files), 100*target)
	}
}

// replayCapture replays one capture within a time that a hang would exceed,
// and checks that its books balance.
func replayCapture(t *testing.T, file string) *Found {
	t.Helper()
	done := time.AfterFunc(time.Minute, func() { panic("replay hangs on " + file) })
	defer done.Stop()
	found, err := Replay(t, []string{file})
	var fault *capture.FileError
	if err != nil && !errors.As(err, &fault) {
		t.Errorf("%s: %v", file, err)
	}
	if found.Summary == nil {
		found.Summary = &record.Summary{}
	}
	s := found.Summary
	if sum := s.Decoded + total(s.Ignored) + total(s.Malformed) + total(s.Dropped); sum != s.Frames {
		t.Errorf("%s: the books do not balance: %d frames, %d accounted for", file, s.Frames, sum)
	}
	return found
}

func compare(found *Found, want truth) []string {
	var out []string
	differ := func(what string, got, want any) {
		if got != want {
			out = append(out, fmt.Sprintf("%s %v, truth %v", what, got, want))
		}
	}
	if n := len(callIDs(found)); n != want.SIP.InviteCallIDs {
		differ("calls", n, want.SIP.InviteCallIDs)
	}
	for _, d := range want.Dialogs {
		if d.InviteTime == nil {
			continue
		}
		c := callOf(found, d.CallID)
		if c == nil {
			out = append(out, "no call "+d.CallID)
			continue
		}
		differ(d.CallID+" answered", !c.Answer.IsZero(), d.Answered)
		if d.FinalStatus != nil {
			differ(d.CallID+" status", strconv.Itoa(c.Status), *d.FinalStatus)
		}
		if d.Duration != nil {
			if c.Duration == nil {
				out = append(out, d.CallID+" has no duration")
			} else if math.Abs(*c.Duration-*d.Duration) > tolerance {
				differ(d.CallID+" duration", *c.Duration, *d.Duration)
			}
		}
	}
	out = append(out, compareStreams(found, want)...)
	if len(out) > 4 {
		out = append(out[:4], fmt.Sprintf("and %d more", len(out)-4))
	}
	return out
}

func compareStreams(found *Found, want truth) []string {
	var out []string
	got := map[string]*record.Stream{}
	for _, s := range found.Streams {
		got[s.SSRC+s.Src+s.Dst] = s
	}
	for _, s := range want.Streams {
		key := strings.ToLower(s.SSRC) + endpoint(s.Src, s.Sport) + endpoint(s.Dst, s.Dport)
		g := got[key]
		delete(got, key)
		switch {
		case g == nil:
			out = append(out, fmt.Sprintf("no stream %s (%d packets)", s.SSRC, s.Packets))
		case g.Packets != s.Packets || int64(g.Lost) != max(s.Lost, 0):
			out = append(out, fmt.Sprintf("stream %s %d packets %d lost, truth %d and %d", s.SSRC, g.Packets, g.Lost, s.Packets, s.Lost))
		}
	}
	for _, s := range got {
		out = append(out, fmt.Sprintf("stream %s (%d packets) is not in the truth", s.SSRC, s.Packets))
	}
	sort.Strings(out)
	return out
}

// endpoint writes an address as the sensor does.
func endpoint(host string, port int) string {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	return netip.AddrPortFrom(addr, uint16(port)).String()
}

// callOf is the call of a Call-ID: of several legs with one Call-ID, the one
// that was answered.
func callOf(found *Found, id string) *record.Call {
	var best *record.Call
	for _, c := range found.Calls {
		if c.CallID == id && (best == nil || best.Answer.IsZero()) {
			best = c
		}
	}
	return best
}

// callIDs are those of the calls whose INVITE was seen: what the truth counts.
func callIDs(found *Found) map[string]bool {
	ids := map[string]bool{}
	for _, c := range found.Calls {
		if !c.Partial {
			ids[c.CallID] = true
		}
	}
	return ids
}

func messages(s *record.Summary) uint64 { return total(s.SIP.Requests) + total(s.SIP.Responses) }

func total(m map[string]uint64) uint64 {
	var n uint64
	for _, v := range m {
		n += v
	}
	return n
}

func readTruth(t *testing.T, file string) truth {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out truth
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return out
}
