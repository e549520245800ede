package sensortest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tollwatch/decoder/sip"
	"tollwatch/sensor/record"
)

// miscount is a class of cause for which the sensor and the reference count a
// datagram differently. It is found in the bytes, and explains exactly the
// datagrams in which it is found.
type miscount struct {
	why   string
	delta int // how the sensor's count differs for each
	found func(d *datagram) bool
}

var miscounts = []miscount{
	{"an IP header says more than its frame has: the host that it is for drops the packet, so that what is in it starts no call; " +
		"the reference reads on", -1, func(d *datagram) bool { return d.cut }},
	{"a NUL in the start line: text ends there for the reference, which then finds no version behind it", +1, func(d *datagram) bool {
		return d.has(0) && !d.has('\r')
	}},
	{"the start line does not end where it should (its CR is followed by something else than LF) and runs into the first header, so " +
		"that no version ends it; the reference takes a CR alone for an end", -1, func(d *datagram) bool {
		return d.has('\r') && !d.has(0)
	}},
}

// TestMessageCounts: every capture gives as many messages of each method and
// status as its truth, but for what the classes of cause explain.
func TestMessageCounts(t *testing.T) {
	explained := map[string]int{}
	for _, s := range samples(t) {
		found := replayCapture(t, s.file)
		want := expected(&s.truth)
		got := counted(found.Summary)
		if same(got, want, 0) {
			continue
		}
		for _, d := range datagrams(t, s.file) {
			if m := miscountOf(&d); m != nil {
				want[canonical(d.word())] += m.delta
				explained[m.why]++
			}
		}
		doubled := int(found.Summary.Ignored["duplicate"])
		if !same(got, want, doubled) {
			t.Errorf("%s: messages differ, and no class of cause says why:\ngot  %v\nwant %v\nwith %d doubled frames", s.name, got, want, doubled)
		}
	}
	for _, m := range miscounts {
		if explained[m.why] == 0 {
			t.Errorf("nothing needs this cause any longer, take it away: %s", m.why)
		}
		t.Logf("%d messages: %s", explained[m.why], m.why)
	}
}

// miscountOf is the first class that a SIP message is found in, or nil.
func miscountOf(d *datagram) *miscount {
	for i := range miscounts {
		if d.word() != "" && miscounts[i].found(d) {
			return &miscounts[i]
		}
	}
	return nil
}

// same says whether two counts are the same, but that of the messages of want
// at most doubled were counted once: frames that a mirror doubled.
func same(got, want map[string]int, doubled int) bool {
	for _, word := range words(got, want) {
		missing := want[word] - got[word]
		if missing < 0 {
			return false
		}
		doubled -= missing
	}
	return doubled >= 0
}

func words(counts ...map[string]int) []string {
	var out []string
	for _, c := range counts {
		for word := range c {
			out = append(out, word)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// counted is the sensor's count by method and status.
func counted(s *record.Summary) map[string]int {
	out := map[string]int{}
	for _, m := range []map[string]uint64{s.SIP.Requests, s.SIP.Responses} {
		for word, n := range m {
			out[word] += int(n)
		}
	}
	return out
}

// expected is the truth's count, and that of the messages in HEP, which the
// reference counts apart.
func expected(t *truth) map[string]int {
	out := map[string]int{}
	for _, m := range []map[string]int{t.SIP.Requests, t.SIP.Responses} {
		for word, n := range m {
			out[canonical(word)] += n
		}
	}
	for i := range t.HEP {
		if word := t.HEP[i].word(); word != "" {
			out[canonical(word)]++
		}
	}
	return out
}

// canonical is how the sensor calls a method: known ones as RFC 3261 §7.1
// writes them, in whatever case they came.
func canonical(word string) string {
	if _, err := strconv.Atoi(word); err == nil {
		return word
	}
	for m := sip.Other; m <= sip.Update; m++ {
		if strings.EqualFold(m.String(), word) {
			return m.String()
		}
	}
	return fmt.Sprint(sip.Other)
}
