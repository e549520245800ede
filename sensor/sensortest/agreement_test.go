package sensortest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/record"
)

// target is the share of captures that must agree wholly, without any cause.
const target = 0.97

// tolerance of a call's duration.
const tolerance = 0.020

// TestAgreement reads every capture of the corpus, prints the sensor's calls
// and streams beside the truth, and fails under the target, or on a difference
// that no class of cause explains.
func TestAgreement(t *testing.T) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "capture\tcalls\ttruth\tanswered\ttruth\tstreams\ttruth\tSIP\ttruth\t")
	explained := map[string]int{}
	agree, all := 0, samples(t)
	for _, s := range all {
		found := replayCapture(t, s.file)
		differences := compare(found, &s.truth)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", s.name, len(callIDs(found)), s.truth.invited(),
			found.Summary.Answered, s.truth.SIP.AnsweredCalls, len(found.Streams), len(s.truth.Streams),
			messages(found.Summary), s.truth.SIP.Messages, list(differences, 4))
		if len(differences) == 0 {
			agree++
		}
		evidence := evidence{&s.truth, datagrams(t, s.file), found.Summary}
		for _, d := range differences {
			c := causeOf(&d, &evidence)
			explained[c]++
			if c == "" {
				t.Errorf("%s differs, and no class of cause says why: %s", s.name, d.text)
			}
		}
	}
	w.Flush()
	t.Logf("\n%s\n%d of %d captures agree (%.1f %%)", table.String(), agree, len(all), 100*float64(agree)/float64(len(all)))
	if float64(agree) < target*float64(len(all)) {
		t.Errorf("%d of %d captures agree, want at least %.0f %%", agree, len(all), 100*target)
	}
	for _, c := range causes {
		if explained[c.why] == 0 {
			t.Errorf("nothing needs this cause any longer, take it away: %s", c.why)
		}
		t.Logf("%d differences: %s", explained[c.why], c.why)
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

// difference is one figure in which the sensor and the truth differ.
type difference struct {
	text   string
	what   string // answered, status, duration, packets ...
	dialog *truthDialog
	call   *record.Call
	stream *truthStream
	heard  *record.Stream
}

func compare(found *Found, want *truth) []difference {
	var out []difference
	if n := len(callIDs(found)); n != want.invited() {
		out = append(out, difference{what: "calls", text: fmt.Sprintf("%d calls, truth %d", n, want.invited())})
	}
	for i := range want.Dialogs {
		if d := &want.Dialogs[i]; d.InviteTime != nil {
			out = append(out, compareDialog(callOf(found, d.CallID), d)...)
		}
	}
	return append(out, compareStreams(found, want)...)
}

func compareDialog(c *record.Call, d *truthDialog) []difference {
	var out []difference
	differ := func(what string, got, want any) {
		out = append(out, difference{what: what, dialog: d, call: c, text: fmt.Sprintf("%s %s %v, truth %v", d.CallID, what, got, want)})
	}
	if c == nil {
		differ("call", "none", "one")
		return out
	}
	if answered := !c.Answer.IsZero(); answered != d.Answered {
		differ("answered", answered, d.Answered)
	}
	if d.FinalStatus != nil && strconv.Itoa(c.Status) != *d.FinalStatus {
		differ("status", c.Status, *d.FinalStatus)
	}
	switch {
	case d.Duration == nil:
	case c.Duration == nil:
		differ("duration", "none", *d.Duration)
	case math.Abs(*c.Duration-*d.Duration) > tolerance:
		differ("duration", *c.Duration, *d.Duration)
	}
	return out
}

// compareStreams wants each stream of the truth's table with its packets and
// loss. What the sensor found beyond that table must be what the reference's
// heuristics found, with the same packets: they look where no SDP points.
func compareStreams(found *Found, want *truth) []difference {
	var out []difference
	got := map[string]*record.Stream{}
	for _, s := range found.Streams {
		got[s.SSRC+s.Src+s.Dst] = s
	}
	for i := range want.Streams {
		s := &want.Streams[i]
		g := got[s.key()]
		delete(got, s.key())
		switch {
		case g == nil:
			out = append(out, difference{what: "no stream", stream: s, text: fmt.Sprintf("no stream %s (%d packets)", s.SSRC, s.Packets)})
		case g.Packets != s.Packets || int64(g.Lost) != max(s.Lost, 0):
			out = append(out, difference{what: "packets", stream: s, heard: g,
				text: fmt.Sprintf("stream %s %d packets %d lost, truth %d and %d", s.SSRC, g.Packets, g.Lost, s.Packets, s.Lost)})
		}
	}
	for i := range want.Heuristic {
		if g := got[want.Heuristic[i].key()]; g != nil && g.Packets == want.Heuristic[i].Packets {
			delete(got, want.Heuristic[i].key())
		}
	}
	for _, s := range got {
		out = append(out, difference{what: "stream", heard: s, text: fmt.Sprintf("stream %s (%d packets) is not in the truth", s.SSRC, s.Packets)})
	}
	slices.SortFunc(out, func(a, b difference) int { return strings.Compare(a.text, b.text) })
	return out
}

// list is what the table shows of differences.
func list(differences []difference, most int) string {
	var out []string
	for i, d := range differences {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(differences)-most))
			break
		}
		out = append(out, d.text)
	}
	return strings.Join(out, "; ")
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
