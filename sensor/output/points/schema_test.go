package points

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/line-protocol/v2/lineprotocol"
)

var lineTypes = map[lineprotocol.ValueKind]Type{lineprotocol.String: String, lineprotocol.Int: Integer, lineprotocol.Float: Float, lineprotocol.Bool: Boolean}

// filled is a point with a value in everything.
func filled[P any]() *P {
	p := new(P)
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		fill(v.Field(i))
	}
	return p
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("+33612345678")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(time.Hour))
	case reflect.Uint64:
		v.SetUint(1 << 63)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Struct:
		v.Set(reflect.ValueOf(night))
	default:
		panic("no value for " + v.Type().String())
	}
}

// TestPointsAreAsTheSchemaSays: a point that knows everything has every tag and field
// of its measurement, in that order and of that type; no key stands twice, since a
// server takes a tag and a field of one name for one.
func TestPointsAreAsTheSchemaSays(t *testing.T) {
	e := NewEncoder(Identity{Site: "s", Customer: "c", Sensor: "x", View: "lan", Primary: true})
	full := map[string]Point{"call": filled[Call](), "stream": filled[Stream](), "registration": filled[Registration](),
		"traffic": filled[Traffic](), "alert": filled[Alert](), "sensor": filled[Sensor]()}
	for _, m := range Schema() {
		keys := map[string]bool{}
		for _, tag := range slices.Concat(Common, m.Tags) {
			keys[tag.Key] = true
		}
		for _, f := range m.Fields {
			keys[f.Key] = true
			if f.Text == "" || f.Type.String() == "" {
				t.Errorf("%s.%s has no meaning or type", m.Name, f.Key)
			}
		}
		if want := len(Common) + len(m.Tags) + len(m.Fields); len(keys) != want {
			t.Errorf("%s: got %d different keys of %d", m.Name, len(keys), want)
		}
		if m.Name == "check" {
			continue // has no Point: check alone writes it
		}
		line, err := e.Encode(full[m.Name])
		if err != nil {
			t.Fatal(err)
		}
		compareLine(t, &m, line)
	}
}

func compareLine(t *testing.T, m *Measurement, line []byte) {
	t.Helper()
	d := lineprotocol.NewDecoderWithBytes(line)
	d.Next()
	if name, err := d.Measurement(); err != nil || string(name) != m.Name {
		t.Fatalf("got measurement %q, %v, want %s", name, err, m.Name)
	}
	var tags []string
	for k, _, err := d.NextTag(); k != nil && err == nil; k, _, err = d.NextTag() {
		tags = append(tags, string(k))
	}
	if len(tags) != len(Common)+len(m.Tags) || !slices.IsSorted(tags) {
		t.Errorf("%s: got tags %q, want all of the schema", m.Name, tags)
	}
	for _, want := range m.Fields {
		k, v, err := d.NextField()
		if err != nil || string(k) != want.Key || lineTypes[v.Kind()] != want.Type {
			t.Errorf("%s: got field %s, %s, %v; want %s, %s", m.Name, k, v.Kind(), err, want.Key, want.Type)
		}
	}
	if k, _, _ := d.NextField(); k != nil {
		t.Errorf("%s: field %s stands in no schema", m.Name, k)
	}
}

// TestWhatIsNotKnownIsNotThere: no measurement writes NaN or infinities.
func TestWhatIsNotKnownIsNotThere(t *testing.T) {
	e := NewEncoder(Identity{Site: "s", Primary: true})
	line, err := e.Encode(&Traffic{Time: night, ASR: unknown, NER: unknown, ACD: unknown, PDD: unknown, UsualCalls: unknown, UsualDayEUR: unknown})
	if err != nil {
		t.Fatal(err)
	}
	_, _, values := fields(t, line)
	for _, key := range []string{" asr=", " ner=", " acd=", " pdd=", " calls_usual=", " usual_day_eur=", "NaN"} {
		if strings.Contains(" "+values, key) {
			t.Errorf("%s: %s is there", values, key)
		}
	}
}
