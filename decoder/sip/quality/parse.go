package quality

import (
	"bytes"
	"time"
)

// IsReport says that a Content-Type value names voice quality reports, with
// parameters or without.
func IsReport(contentType []byte) bool {
	kind, _ := cut(contentType, ';')
	return is(kind, "application/vq-rtcpxr")
}

// Parse reads a body into r, reusing it. It returns false, and leaves nothing
// known in r, when the body does not begin with the name of a report.
func Parse(body []byte, r *Report) bool {
	r.reset()
	line, rest := cut(body, '\n')
	for len(line) == 0 && len(rest) > 0 {
		line, rest = cut(rest, '\n')
	}
	name, _ := cut(line, ':')
	switch {
	case is(name, "VQSessionReport"):
		r.Kind = Session
	case is(name, "VQIntervalReport"):
		r.Kind = Interval
	case is(name, "VQAlertReport"):
		r.Kind = Alert
	default:
		return false
	}
	section := &r.Local // of which metrics that stand before any section are, too
	for len(rest) > 0 {
		line, rest = cut(rest, '\n')
		name, value := cut(line, ':')
		switch {
		case is(name, "LocalMetrics"):
			section = &r.Local
		case is(name, "RemoteMetrics"):
			section = &r.Remote
		default:
			r.line(section, name, value)
		}
	}
	return true
}

// line takes one line of a report that is no heading.
func (r *Report) line(m *Metrics, name, value []byte) {
	switch {
	case is(name, "CallID"):
		first(&r.CallID, value)
	case is(name, "LocalID"):
		first(&r.LocalID, uri(value))
	case is(name, "RemoteID"):
		first(&r.RemoteID, uri(value))
	case is(name, "OrigID"):
		first(&r.OrigID, uri(value))
	case is(name, "Timestamps"):
		m.each(value, (*Metrics).timestamps)
	case is(name, "SessionDesc"):
		m.each(value, (*Metrics).description)
	case is(name, "PacketLoss"):
		m.each(value, (*Metrics).packetLoss)
	case is(name, "Delay"):
		m.each(value, (*Metrics).delay)
	case is(name, "QualityEst"):
		m.each(value, (*Metrics).estimates)
	}
}

// each gives take the pairs NAME=value of a line, one after the other.
func (m *Metrics) each(value []byte, take func(m *Metrics, name, value []byte)) {
	for len(value) > 0 {
		var pair []byte
		pair, value = nextPair(value)
		if name, v := cut(pair, '='); len(v) > 0 {
			take(m, name, v)
		}
	}
}

func (m *Metrics) timestamps(name, value []byte) {
	switch {
	case is(name, "START"):
		firstTime(&m.Start, value)
	case is(name, "STOP"):
		firstTime(&m.Stop, value)
	}
}

func (m *Metrics) description(name, value []byte) {
	switch {
	case is(name, "PT"):
		whole(&m.PayloadType, value, maxType)
	case is(name, "PD"):
		first(&m.Codec, bytes.Trim(value, `"`))
	case is(name, "SR"):
		whole(&m.SampleRate, value, maxRate)
	}
}

func (m *Metrics) packetLoss(name, value []byte) {
	switch {
	case is(name, "NLR"):
		figure(&m.Loss, value, 0, maxPercent)
	case is(name, "JDR"):
		figure(&m.Discard, value, 0, maxPercent)
	}
}

func (m *Metrics) delay(name, value []byte) {
	switch {
	case is(name, "RTD"):
		milliseconds(&m.RoundTrip, value)
	case is(name, "ESD"):
		milliseconds(&m.EndSystem, value)
	case is(name, "IAJ"):
		milliseconds(&m.Jitter, value)
	}
}

// estimates: an unknown one is 127 (RFC 3611 §4.7.5), which is out of range.
func (m *Metrics) estimates(name, value []byte) {
	switch {
	case is(name, "RLQ"):
		figure(&m.RLQ, value, 0, maxR)
	case is(name, "RCQ"):
		figure(&m.RCQ, value, 0, maxR)
	case is(name, "MOSLQ"):
		figure(&m.MOSLQ, value, 1, maxMOS)
	case is(name, "MOSCQ"):
		figure(&m.MOSCQ, value, 1, maxMOS)
	}
}

// The largest figures that RFC 6035 §4.6.1 allows.
const (
	maxType    = 127
	maxPercent = 100
	maxDelay   = 65535 // milliseconds
	maxR       = 120
	maxMOS     = 5
	maxRate    = 1 << 20 // hertz; far above any sample rate, ours
)

func first(to *[]byte, value []byte) {
	if len(*to) == 0 {
		*to = value
	}
}

func firstTime(to *time.Time, value []byte) {
	if to.IsZero() {
		*to = parseTime(value)
	}
}

func whole(to *int, value []byte, most int) {
	if n, ok := parseNumber(value); ok && *to < 0 && n <= float64(most) && n == float64(int(n)) {
		*to = int(n)
	}
}

func figure(to *float64, value []byte, least, most float64) {
	if n, ok := parseNumber(value); ok && *to < 0 && n >= least && n <= most {
		*to = n
	}
}

func milliseconds(to *time.Duration, value []byte) {
	if n, ok := parseNumber(value); ok && *to < 0 && n <= maxDelay {
		*to = time.Duration(n * float64(time.Millisecond))
	}
}
