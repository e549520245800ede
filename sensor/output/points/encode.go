package points

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"tollwatch/sensor/output/mask"
)

var errNoTime = errors.New("a point without a time")

// Encoder writes lines. It belongs to one goroutine at a time, and each line is
// good until the next.
type Encoder struct {
	primary bool
	mask    *mask.Masker
	line    lineprotocol.Encoder
	buffer  []byte
	stamps  stamps

	plain, masked []byte // the text that is being written

	calls         writer[Call]
	streams       writer[Stream]
	registrations writer[Registration]
	traffic       writer[Traffic]
	alerts        writer[Alert]
	sensors       writer[Sensor]
}

// NewEncoder writes points of one sensor.
func NewEncoder(id Identity) *Encoder {
	return &Encoder{
		primary: id.Primary, mask: mask.New(id.Mask, id.Key),
		calls: callTable.writer(id), streams: streamTable.writer(id), registrations: registrationTable.writer(id),
		traffic: trafficTable.writer(id), alerts: alertTable.writer(id), sensors: sensorTable.writer(id),
	}
}

// Point is a *Call, *Stream, *Registration, *Traffic, *Alert or *Sensor.
type Point interface {
	encode(e *Encoder) ([]byte, error)
}

// Encode is the line of a point.
func (e *Encoder) Encode(p Point) ([]byte, error) { return p.encode(e) }

func (c *Call) encode(e *Encoder) ([]byte, error)         { return e.calls.encode(e, c) }
func (s *Stream) encode(e *Encoder) ([]byte, error)       { return e.streams.encode(e, s) }
func (r *Registration) encode(e *Encoder) ([]byte, error) { return e.registrations.encode(e, r) }
func (t *Traffic) encode(e *Encoder) ([]byte, error)      { return e.traffic.encode(e, t) }
func (a *Alert) encode(e *Encoder) ([]byte, error)        { return e.alerts.encode(e, a) }
func (s *Sensor) encode(e *Encoder) ([]byte, error)       { return e.sensors.encode(e, s) }

// writer is a table with all its tags, in the order that the protocol wants.
type writer[P any] struct {
	*table[P]
	tags   []tag[P]
	keys   [][]byte // of the tags
	fields []field[P]
}

func (t *table[P]) writer(id Identity) writer[P] {
	w := writer[P]{table: t, tags: slices.Clone(t.tags), fields: slices.Concat(t.fields...)}
	for i, value := range []string{id.Customer, id.Sensor, id.Site, id.View} {
		w.tags = append(w.tags, tag[P]{Common[i], func(*P) string { return value }})
	}
	slices.SortFunc(w.tags, func(a, b tag[P]) int { return cmp.Compare(a.Key, b.Key) })
	for _, t := range w.tags {
		w.keys = append(w.keys, []byte(t.Key))
	}
	return w
}

func (w *writer[P]) encode(e *Encoder, p *P) ([]byte, error) {
	at := w.at(p)
	if at.IsZero() {
		return nil, errNoTime
	}
	e.line.ClearErr()
	e.line.SetBuffer(e.buffer[:0])
	e.line.SetPrecision(lineprotocol.Nanosecond)
	e.line.StartLine(w.name)
	for i := range w.tags {
		e.tag(w.keys[i], w.tags[i].Key, w.tags[i].get(p))
	}
	series := len(e.line.Bytes())
	for i := range w.fields {
		w.fields[i].write(e, p)
	}
	e.buffer = e.line.Bytes()
	if e.line.Err() != nil {
		return nil, e.line.Err()
	}
	first, second := w.about(p)
	e.line.EndLine(time.Unix(0, e.stamps.next(e.buffer[:series], first, second, at)))
	e.buffer = e.line.Bytes()
	return e.buffer, e.line.Err()
}

// tag leaves out what is empty.
func (e *Encoder) tag(key []byte, name, value string) {
	switch {
	case value == "":
	case isClean(value):
		e.line.AddTag(name, value)
	default:
		e.plain = appendClean(e.plain[:0], value, maxTag)
		if v := bytes.TrimRight(e.plain, `\`); len(v) > 0 {
			e.line.AddTagRaw(key, v)
		}
	}
}

// text leaves out what is empty: a field that is not known is not there.
func (e *Encoder) text(key, value string) {
	if value != "" {
		e.plain = appendClean(e.plain[:0], value, maxField)
		e.add(key, e.plain)
	}
}

// masking is one of the rules of a masker.
type masking func(m *mask.Masker, dst, value []byte) ([]byte, bool)

// secret writes a text as the mask leaves it.
func (e *Encoder) secret(key, value string, apply masking) {
	if value == "" {
		return
	}
	e.plain = appendClean(e.plain[:0], value, maxField)
	masked, ok := apply(e.mask, e.masked[:0], e.plain)
	e.masked = masked
	if ok {
		e.add(key, cut(masked, maxField))
	}
}

// sentence writes a text that speaks of own.
func (e *Encoder) sentence(key, value, own string) {
	if value == "" {
		return
	}
	e.plain = appendClean(e.plain[:0], value, maxField)
	text := len(e.plain)
	e.plain = appendClean(e.plain, own, maxTag)
	masked, ok := e.mask.AppendSentence(e.masked[:0], e.plain[:text], e.plain[text:])
	e.masked = masked
	if ok {
		e.add(key, cut(masked, maxField))
	}
}

func (e *Encoder) add(key string, text []byte) {
	if v, err := lineprotocol.NewValueFromBytes(lineprotocol.String, text); err == nil {
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
