package report

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"time"

	"tollwatch/sensor/record"
)

// Print writes the summary: what is wrong first.
func (r *Report) Print(w io.Writer) error {
	p := &printer{w: w, location: r.location}
	if r.summary == nil {
		return nil
	}
	p.incidents(r)
	p.capture(r.summary)
	p.calls(r)
	p.quality(&r.quality)
	return p.err
}

// printer writes rows of a label and a text; the first error stays.
type printer struct {
	w        io.Writer
	location *time.Location
	err      error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// row prints one line of the summary; an empty label goes on with the row above.
func (p *printer) row(label, format string, args ...any) {
	p.printf("%-15s"+format+"\n", append([]any{label}, args...)...)
}

func (p *printer) capture(s *record.Summary) {
	span := "no frames"
	if !s.First.IsZero() {
		span = fmt.Sprintf("%s to %s", p.time(s.First), p.time(s.Last))
	}
	p.row("capture", "%s frames, %s, %s", grouped(s.Frames), bytes(s.Bytes), span)
	p.row("", "%s decoded%s%s%s%s", grouped(s.Decoded), fates("ignored", s.Ignored), fates("malformed", s.Malformed),
		fates("dropped", s.Dropped), fates("lost", s.Lost))
	if len(s.SIP.Requests)+len(s.SIP.Responses) > 0 {
		p.row("SIP", "requests: %s; answers: %s", orNone(counts(s.SIP.Requests)), orNone(counts(s.SIP.Responses)))
	}
	p.encrypted(s.TLS)
	if len(s.Lost) > 0 {
		p.row("", "frames were lost: figures of quality and money may be too low")
	}
}

// encrypted says which part of the signalling nobody can look into, and whose.
func (p *printer) encrypted(t *record.TLS) {
	if t == nil || t.Share <= 0 {
		return
	}
	const named = 3
	var peers []string
	for _, peer := range t.Peers {
		if peer.Signalling {
			peers = append(peers, peer.Peer)
		}
	}
	with := strings.Join(peers[:min(len(peers), named)], ", ")
	if more := len(peers) - named; more > 0 {
		with += fmt.Sprintf(" and %d more", more)
	}
	p.row("", "%s of the signalling is encrypted (TLS with %s): calls in it cannot be seen, and only the number of conversations at once is guarded", percent(t.Share), with)
}

// percent rounds, but neither to none nor to all of what is neither.
func percent(share float64) string {
	switch n := math.Round(100 * share); {
	case n < 1:
		return "less than 1 %"
	case n > 99 && share < 1:
		return "more than 99 %"
	default:
		return fmt.Sprintf("%.0f %%", n)
	}
}

func (p *printer) calls(r *Report) {
	if len(r.states) == 0 {
		p.row("calls", "none")
		return
	}
	p.row("calls", "%s: %s; about %s", grouped(uint64(r.calls)), list(r.direction), euro(r.cost))
	p.row("", "as %s: %s, talk time %s", plural(r.legs, "leg"), list(r.states), duration(r.talk))
	p.figures(r.summary.KPI)
	if len(r.events) > 0 {
		p.row("registrations", "%s", list(r.events))
	}
}

// figures prints those of the field, as far as they are known.
func (p *printer) figures(k *record.KPI) {
	if k == nil {
		return
	}
	parts := []string{plural(int(k.Attempts), "attempt"), fmt.Sprintf("%d at once, %d a second at most", k.PeakCalls, k.PeakCPS)}
	for _, f := range []struct {
		name  string
		value *float64
	}{{"ASR", k.ASR}, {"NER", k.NER}} {
		if f.value != nil {
			parts = append(parts, fmt.Sprintf("%s %.0f %%", f.name, 100**f.value))
		}
	}
	for _, f := range []struct {
		name  string
		value *float64
	}{{"ACD", k.ACD}, {"PDD", k.PDD}, {"SDD", k.SDD}} {
		if f.value != nil {
			parts = append(parts, f.name+" "+brief(*f.value))
		}
	}
	p.row("", "%s", strings.Join(parts, ", "))
}

// brief prints a time of a call in seconds, one of an answer in milliseconds.
func brief(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.0f ms", 1000*seconds)
	}
	return fmt.Sprintf("%.1f s", seconds)
}

func (p *printer) quality(q *quality) {
	if q.streams == 0 {
		return
	}
	lost := 0.0
	if q.packets+q.lost > 0 {
		lost = 100 * float64(q.lost) / float64(q.packets+q.lost)
	}
	p.row("media", "%s, %s packets, %.2f %% lost%s", plural(q.streams, "stream"), grouped(q.packets), lost, dtmf(q.dtmf))
	if q.rated > 0 {
		p.row("", "MOS %.2f on average over %s", q.mosSum/float64(q.rated), plural(q.rated, "stream"))
	}
	for _, s := range q.worst {
		if *s.MOS < 3.6 { // "many users dissatisfied" begins here, ITU-T G.107 Annex B
			p.row("", "MOS %.2f: %s to %s, %s, %d of %d packets lost", *s.MOS, s.Src, s.Dst, s.Codec, s.Lost, s.Packets+s.Lost)
		}
	}
	if len(q.withheld) > 0 {
		p.row("", "no MOS: %s", list(q.withheld))
	}
}

// time prints a moment as a person of the site reads it.
func (p *printer) time(t record.Time) string {
	return time.Time(t).In(p.location).Format("Mon 2 Jan 2006 15:04:05 MST")
}

// clock prints the time of the day.
func (p *printer) clock(t record.Time) string { return time.Time(t).In(p.location).Format("15:04:05") }

func dtmf(n int) string {
	if n == 0 {
		return ""
	}
	return ", " + plural(n, "digit") + " pressed"
}

func fates(word string, m map[string]uint64) string {
	if len(m) == 0 {
		return ""
	}
	var sum uint64
	for _, n := range m {
		sum += n
	}
	return fmt.Sprintf(", %s %s (%s)", grouped(sum), word, counts(m))
}

// counts prints a map of counts, most first.
func counts[N int | uint64](m map[string]N) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if m[keys[i]] != m[keys[j]] {
			return m[keys[i]] > m[keys[j]]
		}
		return keys[i] < keys[j]
	})
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = fmt.Sprintf("%s %s", k, grouped(uint64(m[k])))
	}
	return strings.Join(parts, ", ")
}

// list prints counts as a person says them: "12 answered, 3 busy".
func list(m map[string]int) string {
	var parts []string
	for _, part := range strings.Split(counts(m), ", ") {
		i := strings.LastIndexByte(part, ' ')
		if i > 0 {
			part = part[i+1:] + " " + part[:i]
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(uint64(n)) + " " + noun + "s"
}

// grouped writes 1234567 as 1,234,567.
func grouped(n uint64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func bytes(n uint64) string {
	const unit = 1000
	switch {
	case n >= unit*unit*unit:
		return fmt.Sprintf("%.1f GB", float64(n)/unit/unit/unit)
	case n >= unit*unit:
		return fmt.Sprintf("%.1f MB", float64(n)/unit/unit)
	case n >= unit:
		return fmt.Sprintf("%.1f kB", float64(n)/unit)
	}
	return fmt.Sprintf("%d bytes", n)
}

func duration(d time.Duration) string {
	d = d.Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case h > 0:
		return fmt.Sprintf("%d h %02d min", h, m)
	case m > 0:
		return fmt.Sprintf("%d min %02d s", m, s)
	}
	return fmt.Sprintf("%d s", s)
}
