package record

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// TestEncoderIsEncodingJSON fills calls and streams with whatever their fields
// can hold, and compares with the standard library.
func TestEncoderIsEncodingJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var got, want bytes.Buffer
	fast, slow := NewWriter(&got), json.NewEncoder(&want)
	slow.SetEscapeHTML(false)
	for range 3000 {
		for _, o := range []Object{&Call{}, &Stream{}, &Registration{}} {
			v := reflect.ValueOf(o).Elem()
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() && r.IntN(4) > 0 {
					fill(r, v.Field(i))
				}
			}
			got.Reset()
			want.Reset()
			if err := fast.Put(o); err != nil {
				t.Fatal(err)
			}
			fast.Flush()
			if err := slow.Encode(o); err != nil {
				t.Fatal(err)
			}
			if got.String() != want.String() {
				t.Fatalf("got  %s\nwant %s", got.String(), want.String())
			}
		}
	}
}

func fill(r *rand.Rand, v reflect.Value) {
	texts := []string{"", "0033612345678", `"a\b"`, "\x00\x1f\b\f\n\r\t\x7f", "é\u2028\u2029\ufffd", "\xff\xc3", "<&>"}
	floats := []float64{0, 1, -1.5, 1e-7, 1e-12, 3e-5, 1e20, 1e21, math.MaxFloat64, math.SmallestNonzeroFloat64, r.NormFloat64(), 4.41}
	switch v.Kind() {
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))] + texts[r.IntN(len(texts))])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(r.Int64() - r.Int64())
	case reflect.Uint64:
		v.SetUint(r.Uint64())
	case reflect.Float64:
		v.SetFloat(floats[r.IntN(len(floats))])
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(r, v.Index(0))
	case reflect.Struct:
		if v.Type() != reflect.TypeFor[Time]() {
			for i := range v.NumField() {
				fill(r, v.Field(i))
			}
			return
		}
		v.Set(reflect.ValueOf(Time(time.Unix(r.Int64N(4e9), r.Int64N(1e9)))))
	}
}

// TestEncoderAllocatesNothing, once its buffer has grown.
func TestEncoderAllocatesNothing(t *testing.T) {
	w := NewWriter(discard{})
	c := &Call{Type: "call", CallID: "a@b", Src: "192.0.2.1:5060", Start: Time(time.Unix(1_700_000_000, 5)), Score: 12.5}
	s := &Stream{Type: "stream", SSRC: "0x00000001", End: Time(time.Unix(1_700_000_000, 5))}
	if n := testing.AllocsPerRun(1000, func() { _, _ = w.Put(c), w.Put(s) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkPutCall writes a call, beside the standard library's encoder.
func BenchmarkPutCall(b *testing.B) {
	d := 12.5
	c := &Call{Type: "call", CallID: "77aa01-4f12-9b3c@192.0.2.10", CallGroup: "c1x2y3", Direction: "outbound", Transport: "udp",
		Src: "192.0.2.1:5060", Dst: "192.0.2.2:5060", FromUser: "201", FromHost: "pbx.example.net", ToUser: "0022790123456",
		ToHost: "pbx.example.net", RequestUser: "0022790123456", Dialled: "0022790123456", Number: "+22790123456", DestCountry: "NE",
		DestClass: "high_risk", Extension: "201", Trunk: "trunk-1", UserAgent: "Example PBX 4.2", State: "answered", Status: 200,
		Start: Time(time.Unix(1_700_000_000, 5)), Answer: Time(time.Unix(1_700_000_002, 5)), End: Time(time.Unix(1_700_000_015, 5)),
		EndBy: "caller", Duration: &d, CostEUR: &d, Invites: 2, Source: "wire"}
	w, std := NewWriter(discard{}), json.NewEncoder(discard{})
	for _, e := range []struct {
		name string
		put  func() error
	}{{"own", func() error { return w.Put(c) }}, {"encoding/json", func() error { return std.Encode(c) }}} {
		b.Run(e.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := e.put(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
