package dialog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/sip"
)

// corpus returns the folder of captures that lies beside the repository, or
// skips: a user has none, CI must.
func corpus(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		p := filepath.Join(dir, "shared", "corpus")
		if st, err := os.Stat(p); err == nil && st.IsDir() {
			return p
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("no folder shared/corpus beside or above the repository: in CI it must be there")
	}
	tb.Skip("no folder shared/corpus beside or above the repository")
	return ""
}

// dialogTruth is what the reference saw of one Call-ID.
type dialogTruth struct {
	CallID      string         `json:"call_id"`
	Methods     map[string]int `json:"methods"`
	Answered    bool           `json:"answered"`
	InviteTime  *float64       `json:"invite_time"`
	RingingTime *float64       `json:"ringing_time"`
	AnswerTime  *float64       `json:"answer_time"`
	Duration    *float64       `json:"duration"`
	FinalStatus *string        `json:"final_status"`
	Reinvites   int            `json:"reinvites"`
}

type exception struct {
	dialogs int // that differ
	reason  string
}

// exceptions are where the tracker and the reference differ, and why the
// tracker is right, or cannot be. One that no longer differs fails the test.
var exceptions = map[string]exception{
	"ndpi-fuzz-2594":         {2, "fuzzed: the INVITE and the 480 bear other From-tags, which names two legs; the tag is half of a leg's name"},
	"sipnab-sipp-branch":     {3, "in 3 calls the 200 to the INVITE is missing; ACKs with a branch of their own and BYEs after 5 s tell that there was one"},
	"trex-sip-golden-udp":    {1, "one recorded call sent 5 times over, same tags, branches and CSeq: copies of an ended leg are retransmissions to anybody"},
	"trex-sip-short3-v6-erf": {1, "the 180 comes after the 200: an answered call does not begin to ring"},
	"trex-sip-video-full":    {1, "the 180 comes after the 200: an answered call does not begin to ring"},
	"trex-sip-video-short":   {1, "the 180 comes after the 200: an answered call does not begin to ring"},
}

// TestCorpus replays every capture and compares each Call-ID that has an INVITE
// with the truth.
func TestCorpus(t *testing.T) {
	root := corpus(t)
	files, _ := filepath.Glob(filepath.Join(root, "truth", "*.json"))
	if len(files) == 0 {
		t.Fatalf("no truth in %s", root)
	}
	agreed, compared := 0, 0
	for _, file := range files {
		slug := strings.TrimSuffix(filepath.Base(file), ".json")
		var truth struct {
			Dialogs []dialogTruth `json:"dialogs"`
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &truth); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		legs := legsOf(t, root, slug)
		differences := map[string]string{}
		good, all := 0, 0
		for _, d := range truth.Dialogs {
			if d.Methods["INVITE"] == 0 {
				continue
			}
			all++
			if diff := compare(d, legs[d.CallID]); diff != "" {
				differences[d.CallID] = diff
			} else {
				good++
			}
		}
		agreed, compared = agreed+good, compared+all
		known := exceptions[slug]
		if all > 0 {
			t.Logf("%-34s %4d of %4d dialogs agree  %s", slug, good, all, known.reason)
		}
		if len(differences) != known.dialogs {
			t.Errorf("%s: got %d dialogs that differ, want %d (%s)", slug, len(differences), known.dialogs, known.reason)
			for id, diff := range differences {
				t.Errorf("%s: %.40q: %s", slug, id, diff)
			}
		}
	}
	t.Logf("%d of %d dialogs agree", agreed, compared)
	if compared < 1000 {
		t.Errorf("got %d dialogs compared, want the corpus' 1,400", compared)
	}
}

// compare says where the legs of a Call-ID and the truth differ. The reference
// takes a Call-ID for one call: where it is several legs (a retry that came late
// for the first one), the last tells how it ended.
func compare(d dialogTruth, legs []call.Leg) string {
	if len(legs) == 0 {
		return "no leg"
	}
	var diffs []string
	differ := func(what string, got, want any) {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			diffs = append(diffs, fmt.Sprintf("%s got %v, want %v", what, got, want))
		}
	}
	l := legs[len(legs)-1]
	status := 0
	if d.FinalStatus != nil {
		status, _ = strconv.Atoi(*d.FinalStatus)
	}
	differ("answered", !l.Answer.IsZero(), d.Answered)
	differ("final status", l.Status, status)
	near := func(what string, got time.Duration, known bool, want *float64) {
		if known != (want != nil) {
			diffs = append(diffs, fmt.Sprintf("%s got %v (known: %v), want known: %v", what, got, known, want != nil))
		} else if known && (got.Seconds()-*want > 0.02 || *want-got.Seconds() > 0.02) {
			diffs = append(diffs, fmt.Sprintf("%s got %v, want %vs", what, got, *want))
		}
	}
	near("duration", l.Duration(), !l.Answer.IsZero() && !l.End.IsZero(), d.Duration)
	if d.RingingTime != nil && d.InviteTime != nil {
		since := *d.RingingTime - *d.InviteTime
		near("ringing after", l.Ringing.Sub(l.Start), !l.Ringing.IsZero(), &since)
	} else if d.RingingTime == nil && !l.Ringing.IsZero() {
		diffs = append(diffs, "ringing got "+l.Ringing.String()+", want none")
	}
	attempts := 0
	for _, l := range legs {
		attempts += l.Attempts
	}
	if invites := d.Methods["INVITE"]; d.Reinvites == 0 || attempts > invites { // the reference counts re-INVITEs, not their copies
		differ("attempts", attempts, invites)
	}
	return strings.Join(diffs, "; ")
}

// legsOf replays a capture and returns its legs as they ended, by Call-ID.
func legsOf(t *testing.T, root, slug string) map[string][]call.Leg {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(root, "captures", slug+".pcap*"))
	if len(names) != 1 {
		t.Fatalf("%s: %d captures", slug, len(names))
	}
	tr := New(DefaultConfig())
	legs := map[string][]call.Leg{}
	take := func(events []call.Event) {
		for _, e := range events {
			if e.Kind == call.EventEnded {
				legs[e.Leg.CallID] = append(legs[e.Leg.CallID], *e.Leg)
			}
		}
		tr.Endpoints()
		tr.Released()
	}
	var m sip.Message
	var last time.Time
	messagesOf(t, names[0], func(b []byte, meta Meta) {
		if last.IsZero() {
			last = meta.Time
		}
		for ; meta.Time.Sub(last) >= time.Second; last = last.Add(time.Second) {
			if meta.Time.Sub(last) > time.Hour {
				last = meta.Time.Add(-time.Hour)
			}
			take(tr.Advance(last))
		}
		if sip.Parse(b, &m) {
			take(tr.Observe(&m, meta))
		}
	})
	take(tr.Flush(last))
	for _, l := range legs {
		sort.SliceStable(l, func(i, j int) bool { return l[i].Start.Before(l[j].Start) })
	}
	return legs
}

// messagesOf calls f with every SIP message of a capture.
func messagesOf(t *testing.T, name string, f func(b []byte, meta Meta)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	read, link := reader(t, file)
	frames := frame.New()
	streams := map[[2]netip.AddrPort][]byte{}
	for {
		data, info, err := read()
		if err != nil {
			return // the end, or where the capture is cut
		}
		var p frame.Packet
		if frames.Decode(link(info.InterfaceIndex), data, info.Length, info.Timestamp, &p) != frame.Transport {
			continue
		}
		meta := Meta{Src: p.Src, Dst: p.Dst, Transport: call.UDP, Source: call.Wire, Time: info.Timestamp, Truncated: p.Truncated}
		if p.Protocol == frame.UDP {
			if sip.LooksLike(p.Payload) {
				f(p.Payload, meta)
			}
			continue
		}
		meta.Transport = call.TCP
		flow := [2]netip.AddrPort{p.Src, p.Dst}
		streams[flow] = cutMessages(append(streams[flow], p.Payload...), func(b []byte) { f(b, meta) })
	}
}

// cutMessages frames what a TCP stream brought so far, assuming that nothing of
// it was lost or sent again, and returns the rest.
func cutMessages(b []byte, f func([]byte)) []byte {
	var m sip.Message
	for {
		end := bytes.Index(b, []byte("\r\n\r\n"))
		if end < 0 || !sip.Parse(b, &m) {
			if len(b) > 0 && !sip.LooksLike(b) {
				return nil
			}
			return b
		}
		n := end + 4 + max(m.ContentLength, 0)
		if n > len(b) {
			return b
		}
		f(b[:n])
		b = b[n:]
	}
}

type packetReader func() ([]byte, gopacket.CaptureInfo, error)

func reader(t *testing.T, r io.Reader) (packetReader, func(int) frame.LinkType) {
	t.Helper()
	b := bufio.NewReader(r)
	magic, _ := b.Peek(4)
	if bytes.Equal(magic, []byte{0x0a, 0x0d, 0x0d, 0x0a}) {
		ng, err := pcapgo.NewNgReader(b, pcapgo.NgReaderOptions{WantMixedLinkType: true})
		if err != nil {
			t.Fatal(err)
		}
		return ng.ReadPacketData, func(i int) frame.LinkType {
			in, err := ng.Interface(i)
			if err != nil {
				return 0
			}
			return frame.LinkType(in.LinkType)
		}
	}
	p, err := pcapgo.NewReader(b)
	if err != nil {
		t.Skipf("capture that pcapgo does not read: %v", err)
	}
	return p.ReadPacketData, func(int) frame.LinkType { return frame.LinkType(p.LinkType()) }
}
