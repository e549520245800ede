package points

import (
	"slices"
	"time"
)

// Measurement describes one, for docs and dashboards.
type Measurement struct {
	Name, Text string
	Tags       []Tag // its own; Common are on every point besides
	Fields     []Field
}

// Tag is a word of a bounded set.
type Tag struct {
	Key, Text string
	Values    []string // all there are, besides Other; nil: names of the configuration, and codes
}

// Field is a value of a point. What is not known is not there.
type Field struct {
	Key  string
	Type Type
	Unit string // empty: a word, a text, or a number of things
	Kind Kind   // 0: no mask is on it
	Text string
}

// Kind is what a text is to a mask.
type Kind uint8

// The kinds of text that a mask is on, each in its own way.
const (
	KindNumber Kind = iota + 1
	KindRange
	KindUser
	KindAddress
	KindCallID
	KindURI
	KindSentence
)

var kindNames = [...]string{"", "number", "range", "user", "address", "call_id", "uri", "sentence"}

func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// Type is a field's type in the line protocol; it never changes.
type Type uint8

// The types: InfluxDB 1 refuses unsigned ones.
const (
	String Type = iota + 1
	Integer
	Float
	Boolean
)

var typeNames = [...]string{"", "string", "integer", "float", "boolean"}

func (t Type) String() string {
	if int(t) >= len(typeNames) {
		return ""
	}
	return typeNames[t]
}

// Units of fields.
const (
	seconds = "s"
	millis  = "ms"
	euro    = "EUR"
	hourly  = "EUR/h"
	share   = "0 to 1"
	octets  = "bytes"
	cores   = "cores"
)

// Common are the tags of every point; those that are empty are left out.
var Common = []Tag{
	{"customer", "`[site] customer`, for those who watch the sites of many", nil},
	{"sensor", "short name of the sensor: a hash of the machine and of its first start; `replay` of a replay", nil},
	{"site", "`[site] name`, else the name of the host", nil},
	{"view", "`[site] view`: what this tap sees", nil},
}

// Schema is every measurement.
func Schema() []Measurement {
	return []Measurement{callTable.describe(), streamTable.describe(), registrationTable.describe(), trafficTable.describe(), alertTable.describe(), sensorTable.describe(), checkTable.describe()}
}

// table is a measurement whose points are made of a P.
type table[P any] struct {
	name, text string
	tags       []tag[P]
	fields     [][]field[P] // some values come with a second one
	at         func(*P) time.Time
	about      func(*P) (string, string) // what tells two points of one series at one moment apart
}

// tag is one of a measurement's own.
type tag[P any] struct {
	Tag
	get func(*P) string
}

// field writes itself into the line that the encoder is at.
type field[P any] struct {
	Field
	write func(*Encoder, *P)
}

func (t *table[P]) describe() Measurement {
	m := Measurement{Name: t.name, Text: t.text}
	for _, own := range t.tags {
		m.Tags = append(m.Tags, own.Tag)
	}
	for _, f := range slices.Concat(t.fields...) {
		m.Fields = append(m.Fields, f.Field)
	}
	return m
}
