package decoder

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/dialog"
	"tollwatch/decoder/sip"
	"tollwatch/decoder/sip/quality"
	"tollwatch/decoder/stream/lru"
)

// The budget of quality reports. A telephone sends one at the end of a call,
// some one every five seconds besides; what is far beyond is no report.
const (
	reportEvery  = 2 * time.Second // of one source, in the long run
	reportBurst  = 10              // and at once
	maxReporters = 1024
	maxReported  = 128 // bytes kept of any text
)

// reports takes quality reports out of messages, each once, and as many of a
// source as its budget lets through. The source silent for longest gives way
// when there are too many.
type reports struct {
	sources    *lru.Table[netip.Addr, reporter]
	report     quality.Report
	suppressed uint64 // beyond the budget of their source
	evicted    uint64
}

type reporter struct {
	whole  time.Time // when its burst is whole again
	latest uint64    // hash of its latest body: a request is repeated, and sent anew with credentials
}

func newReports() reports {
	return reports{sources: lru.New[netip.Addr, reporter](maxReporters)}
}

// observe returns the report that a message bears, or nil.
func (r *reports) observe(m *sip.Message, meta *dialog.Meta) *call.Quality {
	if !m.Request || m.Method != sip.Publish && m.Method != sip.Notify || meta.Truncated {
		return nil
	}
	body := m.Text(m.Body)
	if !quality.IsReport(m.Text(m.ContentType)) || !quality.Parse(body, &r.report) {
		return nil
	}
	e := r.source(meta.Src.Addr().Unmap())
	latest := hash(body)
	if latest == e.Value.latest || !r.pays(&e.Value, meta.Time) {
		return nil
	}
	e.Value.latest = latest
	return r.quality(meta)
}

func (r *reports) source(src netip.Addr) *lru.Entry[netip.Addr, reporter] {
	if e := r.sources.Get(src); e != nil {
		r.sources.Touch(e, lru.Unproven)
		return e
	}
	if r.sources.Full() {
		r.sources.Remove(r.sources.Oldest(lru.Unproven))
		r.evicted++
	}
	return r.sources.Add(src, lru.Unproven)
}

// pays takes a report out of its source's budget, if there is room.
func (r *reports) pays(s *reporter, now time.Time) bool {
	whole := s.whole
	if whole.Before(now) {
		whole = now
	}
	if whole.Sub(now) > (reportBurst-1)*reportEvery {
		r.suppressed++
		return false
	}
	s.whole = whole.Add(reportEvery)
	return true
}

func (r *reports) quality(meta *dialog.Meta) *call.Quality {
	l := &r.report.Local
	return &call.Quality{
		CallID: kept(r.report.CallID), Src: meta.Src, Dst: meta.Dst,
		Reporter: kept(r.report.LocalID), Peer: kept(r.report.RemoteID), Kind: r.report.Kind.String(), Codec: kept(l.Codec),
		Start: l.Start, End: l.Stop, Local: heard(l), Remote: heard(&r.report.Remote),
	}
}

func heard(m *quality.Metrics) call.Heard {
	return call.Heard{Loss: m.Loss, Discard: m.Discard, Jitter: m.Jitter, RoundTrip: m.RoundTrip,
		RLQ: m.RLQ, RCQ: m.RCQ, MOSLQ: m.MOSLQ, MOSCQ: m.MOSCQ}
}

func kept(b []byte) string { return string(b[:min(len(b), maxReported)]) }

// hash is FNV-1a. Whoever makes two bodies alike hides a report of its own.
func hash(b []byte) uint64 {
	h := uint64(0xcbf29ce484222325)
	for _, c := range b {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return h
}
