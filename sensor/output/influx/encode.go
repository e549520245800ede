package influx

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

// tag is a key and its value.
type tag struct{ key, value string }

// encoder writes lines. It belongs to one goroutine at a time.
type encoder struct {
	identity []tag
	line     lineprotocol.Encoder
	stamps   stamps
}

func newEncoder(id Identity) *encoder {
	return &encoder{identity: []tag{{"customer", id.Customer}, {"sensor", id.Sensor}, {"site", id.Site}, {"view", id.View}}}
}

func (e *encoder) call(c Call) ([]byte, error) {
	e.begin("call", tag{"dest_class", c.Class}, tag{"dest_country", c.Country}, tag{"direction", c.Direction},
		tag{"state", c.State}, tag{"trunk", c.Trunk})
	e.text("call_group", c.Group)
	e.text("extension", c.Extension)
	e.number(c.Number)
	e.integer("status", int64(c.Status))
	e.integer("attempts", int64(c.Attempts))
	e.float("duration", c.Duration.Seconds())
	if c.Ringing > 0 {
		e.float("pdd", c.Ringing.Seconds())
	}
	e.float("cost_eur", c.CostEUR)
	e.float("score", c.Score)
	if c.MOS > 0 {
		e.float("mos", c.MOS)
	}
	return e.end(c.End, c.ID)
}

func (e *encoder) alert(a Alert) ([]byte, error) {
	e.begin("alert", tag{"level", a.Level}, tag{"scheme", a.Scheme}, tag{"trunk", a.Trunk})
	e.text("incident", a.Incident)
	e.text("event", a.Event)
	e.text("extension", a.Extension)
	e.text("source", a.Source)
	e.number(a.Number)
	e.text("country", a.Country)
	e.text("text", maskText(a.Text))
	e.line.AddField("drill", lineprotocol.BoolValue(a.Drill))
	e.float("score", a.Score)
	e.integer("calls", int64(a.Calls))
	e.integer("concurrent", int64(a.Concurrent))
	e.integer("answered", int64(a.Answered))
	e.float("spent_eur", a.SpentEUR)
	e.float("spent_eur_low", a.SpentLowEUR)
	e.float("spent_eur_high", a.SpentHighEUR)
	e.float("burn_eur_per_hour", a.BurnEURPerHour)
	e.float("forecast_eur", a.ForecastEUR)
	return e.end(a.Time, a.Incident+" "+a.Event)
}

func (e *encoder) sensor(s Sensor) ([]byte, error) {
	e.begin("sensor")
	e.text("version", s.Version)
	e.float("uptime", s.Uptime.Seconds())
	for _, f := range []struct {
		name  string
		value uint64
	}{{"frames", s.Frames}, {"bytes", s.Bytes}, {"decoded", s.Decoded}, {"lost", s.Lost}, {"lost_by_card", s.LostByCard}, {"ignored", s.Ignored},
		{"malformed", s.Malformed}, {"dropped", s.Dropped}} {
		e.integer(f.name, int64(min(f.value, 1<<63-1))) // InfluxDB 1 refuses unsigned fields
	}
	e.integer("calls", int64(s.Calls))
	e.integer("incidents", int64(s.Incidents))
	return e.end(s.Time, "")
}

// begin writes the measurement and the tags, which the protocol wants sorted.
func (e *encoder) begin(measurement string, tags ...tag) {
	e.line.ClearErr()
	e.line.SetBuffer(nil)
	e.line.SetPrecision(lineprotocol.Nanosecond)
	e.line.StartLine(measurement)
	tags = append(tags, e.identity...)
	slices.SortFunc(tags, func(a, b tag) int { return cmp.Compare(a.key, b.key) })
	for _, t := range tags {
		if v := strings.TrimRight(clean(t.value, maxTag), `\`); v != "" {
			e.line.AddTag(t.key, v)
		}
	}
}

// end writes the time, moved within its millisecond so that it is the series'
// own; identity is what the point is about.
func (e *encoder) end(t time.Time, identity string) ([]byte, error) {
	if t.IsZero() {
		return nil, errNoTime
	}
	at := e.stamps.next(seriesOf(e.line.Bytes()), identity, t)
	e.line.EndLine(time.Unix(0, at))
	return e.line.Bytes(), e.line.Err()
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
func (e *encoder) text(key, value string) {
	if v, ok := lineprotocol.StringValue(clean(value, maxField)); ok && value != "" {
		e.line.AddField(key, v)
	}
}

func (e *encoder) integer(key string, value int64) {
	e.line.AddField(key, lineprotocol.IntValue(value))
}

// float leaves NaN and infinities out: servers refuse the line, some the batch.
func (e *encoder) float(key string, value float64) {
	if v, ok := lineprotocol.FloatValue(value); ok {
		e.line.AddField(key, v)
	}
}

// number writes a number without its last four digits, and its range.
func (e *encoder) number(number string) {
	masked, rang := mask(number)
	e.text("number", masked)
	e.text("range", rang)
}

// clean makes a text that no server refuses: valid, printable, bounded.
func clean(s string, limit int) string {
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
