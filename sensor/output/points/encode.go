package points

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/influxdata/line-protocol/v2/lineprotocol"
)

const (
	maxTag   = 128  // bytes; tags are words of ours, names of trunks and sites
	maxField = 1024 // bytes
)

var errNoTime = errors.New("a point without a time")

// Encoder writes lines. It belongs to one goroutine at a time, and each line is
// good until the next.
type Encoder struct {
	primary bool
	line    lineprotocol.Encoder
	buffer  []byte
	stamps  stamps

	calls         line[Call]
	streams       line[Stream]
	registrations line[Registration]
	traffic       line[Traffic]
	alerts        line[Alert]
	sensors       line[Sensor]
}

// NewEncoder writes points of one sensor.
func NewEncoder(id Identity) *Encoder {
	return &Encoder{
		primary: id.Primary, calls: callTable.of(id), streams: streamTable.of(id), registrations: registrationTable.of(id),
		traffic: trafficTable.of(id), alerts: alertTable.of(id), sensors: sensorTable.of(id),
	}
}

// Call is the line of a call, as the others are of theirs.
func (e *Encoder) Call(c *Call) ([]byte, error) { return e.calls.encode(e, c) }

// Stream is the line of a media stream.
func (e *Encoder) Stream(s *Stream) ([]byte, error) { return e.streams.encode(e, s) }

// Registration is the line of a change of a binding.
func (e *Encoder) Registration(r *Registration) ([]byte, error) { return e.registrations.encode(e, r) }

// Traffic is the line of ten seconds.
func (e *Encoder) Traffic(t *Traffic) ([]byte, error) { return e.traffic.encode(e, t) }

// Alert is the line of a change of an incident.
func (e *Encoder) Alert(a *Alert) ([]byte, error) { return e.alerts.encode(e, a) }

// Sensor is the line of a heartbeat.
func (e *Encoder) Sensor(s *Sensor) ([]byte, error) { return e.sensors.encode(e, s) }

// line is a table with all its tags in the order that the protocol wants.
type line[P any] struct {
	table *table[P]
	tags  []tag[P]
	field []field[P]
}

func (t *table[P]) of(id Identity) line[P] {
	l := line[P]{table: t, tags: slices.Clone(t.tags), field: slices.Concat(t.fields...)}
	for i, value := range []string{id.Customer, id.Sensor, id.Site, id.View} {
		l.tags = append(l.tags, tag[P]{Common[i], func(*P) string { return value }})
	}
	slices.SortFunc(l.tags, func(a, b tag[P]) int { return cmp.Compare(a.Key, b.Key) })
	return l
}

func (l *line[P]) encode(e *Encoder, p *P) ([]byte, error) {
	at := l.table.at(p)
	if at.IsZero() {
		return nil, errNoTime
	}
	e.line.ClearErr()
	e.line.SetBuffer(e.buffer[:0])
	e.line.SetPrecision(lineprotocol.Nanosecond)
	e.line.StartLine(l.table.name)
	for i := range l.tags {
		t := &l.tags[i]
		if v := strings.TrimRight(Clean(t.of(p), maxTag), `\`); v != "" {
			e.line.AddTag(t.Key, v)
		}
	}
	for i := range l.field {
		l.field[i].write(e, p)
	}
	first, second := l.table.about(p)
	stamp := e.stamps.next(seriesOf(e.line.Bytes()), first, second, at)
	e.line.EndLine(time.Unix(0, stamp))
	e.buffer = e.line.Bytes()
	return e.buffer, e.line.Err()
}

// seriesOf is the measurement with its tags: what stands before the first
// space that is not escaped.
func seriesOf(line []byte) []byte {
	for i, c := range line {
		if c == ' ' && line[i-1] != '\\' {
			return line[:i]
		}
	}
	return line
}

// text leaves out what is empty: a field that is not known is not there.
func (e *Encoder) text(key, value string) {
	if v, ok := lineprotocol.StringValue(Clean(value, maxField)); ok && value != "" {
		e.line.AddField(key, v)
	}
}

func (e *Encoder) integer(key string, value int64) {
	e.line.AddField(key, lineprotocol.IntValue(value))
}

// float leaves NaN and infinities out: servers refuse the line, some the batch.
func (e *Encoder) float(key string, value float64) {
	if v, ok := lineprotocol.FloatValue(value); ok {
		e.line.AddField(key, v)
	}
}

// number writes a number without its last four digits.
func (e *Encoder) number(key, number string) {
	masked, _ := mask(number)
	e.text(key, masked)
}

// rang writes the range of a number.
func (e *Encoder) rang(key, number string) {
	_, rang := mask(number)
	e.text(key, rang)
}

// user hides the numbers in it.
func (e *Encoder) user(key, value string) { e.text(key, maskText(value)) }

func (e *Encoder) sentence(key, value string) { e.text(key, maskText(value)) }

// Clean makes a text that no server refuses: valid, printable, bounded.
func Clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
	}
	return s
}
