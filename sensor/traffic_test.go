package sensor

import (
	"errors"
	"math"
	"net/netip"
	"testing"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/record"
)

// gauge keeps what was measured.
type gauge []*points.Traffic

func (g *gauge) Put(p points.Point) error {
	*g = append(*g, p.(*points.Traffic))
	return nil
}

// talk is ten seconds of which the phone alone is heard, and the end.
func (s *site) talk(call string, sequence uint16) {
	for i := range uint16(500) {
		s.observe(s.rtp(sequence + i))
		s.now = s.now.Add(20 * time.Millisecond)
	}
	s.say(true, call, "BYE sip:x@203.0.113.5 SIP/2.0", "2 BYE", ";tag=b", "")
	s.say(false, call, "SIP/2.0 200 OK", "2 BYE", ";tag=b", "")
}

// TestTrafficOfTenSeconds: a call of ten seconds from 02:00:03 on, one that begins
// at 02:00:21 and goes on, and the capture's end.
func TestTrafficOfTenSeconds(t *testing.T) {
	s := newSite(t)
	var got gauge
	s.pipeline.MeasureTraffic(&got, time.UTC, &kpi.Usual{})
	s.pipeline.Advance(s.now)
	s.now = s.now.Add(3 * time.Second)
	s.answered("one", "0033199001201")
	s.talk("one", 0)
	s.now = s.now.Add(8 * time.Second)
	s.answered("two", "0033199001202")
	s.now = s.now.Add(11 * time.Second)
	s.pipeline.Advance(s.now)
	if err := s.pipeline.Finish(); err != nil {
		t.Fatal(err)
	}
	type row struct {
		second                               float64
		calls, peak                          int
		attempts, ended, answered            uint64
		talk, asr, acd, pdd, usual, usualDay float64
	}
	none := math.NaN()
	for i, want := range []row{
		{10, 1, 1, 1, 0, 0, 0, none, none, none, none, none},
		{20, 0, 1, 0, 1, 1, 10, 1, 10, none, none, none},
		{30, 1, 1, 1, 0, 0, 0, 1, 10, none, none, none},
		{32, 1, 1, 0, 0, 0, 0, 1, 10, none, none, none},
	} {
		if i >= len(got) {
			t.Fatalf("got %d points, want 4", len(got))
		}
		p := got[i]
		have := row{p.Time.Sub(s.now.Add(-32 * time.Second)).Seconds(), p.Calls, p.CallsPeak, p.Attempts, p.Ended, p.Answered,
			p.TalkSeconds, p.ASR, p.ACD, p.PDD, p.UsualCalls, p.UsualDayEUR}
		if !alike(have.asr, want.asr) || !alike(have.acd, want.acd) || !alike(have.pdd, want.pdd) || !alike(have.usual, want.usual) || !alike(have.usualDay, want.usualDay) {
			t.Errorf("point %d: got %+v, want %+v", i, have, want)
		}
		for _, f := range []*float64{&have.asr, &have.acd, &have.pdd, &have.usual, &have.usualDay, &want.asr, &want.acd, &want.pdd, &want.usual, &want.usualDay} {
			*f = 0
		}
		if have != want {
			t.Errorf("point %d: got %+v, want %+v", i, have, want)
		}
	}
	if len(got) != 4 {
		t.Errorf("got %d points, want 4", len(got))
	}
	if first, second := got[0].SpentTodayEUR, got[3].SpentTodayEUR; second < first {
		t.Errorf("got %v EUR at the end, %v before: want a sum of the day", second, first)
	}
}

// alike holds two unknown figures for the same.
func alike(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// TestStreamsKnowTheWayOfTheirCall, and a call of which one side alone was heard
// is known as such.
func TestStreamsKnowTheWayOfTheirCall(t *testing.T) {
	s := newSite(t)
	engine, err := detect.New(detect.Config{Site: "test", PBX: []netip.Addr{s.phone.Addr}, Trunks: []detect.Trunk{{Name: "operator-a", Addresses: []netip.Addr{s.operator.Addr}}}})
	if err != nil {
		t.Fatal(err)
	}
	s.pipeline.engine = engine
	s.answered("one", "0033199001201")
	s.talk("one", 0)
	s.now = s.now.Add(20 * time.Second)
	s.pipeline.Advance(s.now)
	streams := 0
	for _, o := range s.found.objects {
		if r, ok := o.(*record.Stream); ok {
			streams++
			if r.Direction != "outbound" || r.Trunk != "operator-a" {
				t.Errorf("stream: got %q by %q, want outbound by operator-a", r.Direction, r.Trunk)
			}
		}
	}
	if streams != 1 {
		t.Errorf("got %d streams, want 1", streams)
	}
	c := s.found.calls()[0]
	if !c.OneWay {
		t.Error("the operator's side was silent for ten seconds: got no one-way call")
	}
	if len(s.pipeline.routes) != 0 {
		t.Errorf("got %d ways kept after the end, want none", len(s.pipeline.routes))
	}
}

// TestOneWay is what counts as a call of which one side alone was heard.
func TestOneWay(t *testing.T) {
	for _, c := range []struct {
		name           string
		seconds        float64
		phone, partner bool
		want           bool
	}{
		{"both heard", 10, true, true, false}, {"none heard: the media goes another way", 10, false, false, false},
		{"the phone alone", 10, true, false, true}, {"the partner alone", 10, false, true, true}, {"too short to tell", 4, true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t)
			s.answered("one", "0033199001201")
			for i := range int(c.seconds * 50) {
				if c.phone {
					s.observe(s.rtp(uint16(i)))
				}
				if c.partner {
					s.observe(s.heard(uint16(i)))
				}
				s.now = s.now.Add(20 * time.Millisecond)
			}
			s.say(true, "one", "BYE sip:x@203.0.113.5 SIP/2.0", "2 BYE", ";tag=b", "")
			s.now = s.now.Add(20 * time.Second)
			s.pipeline.Advance(s.now)
			if calls := s.found.calls(); len(calls) != 1 || calls[0].OneWay != c.want {
				t.Errorf("got %d calls, one-way %t; want 1, %t", len(calls), len(calls) > 0 && calls[0].OneWay, c.want)
			}
		})
	}
}

// heard is a frame of 20 ms of the operator's side.
func (s *site) heard(sequence uint16) []byte {
	own := *s
	own.phone, own.operator = s.operator, s.phone
	return own.voice(sequence, 6000, 4000, 0xbeef)
}

// TestUsualOutlivesARestart, and a state that cannot be read is begun anew.
func TestUsualOutlivesARestart(t *testing.T) {
	s := openStore(t, t.TempDir())
	u, err := loadUsual(s)
	if err != nil {
		t.Fatal(err)
	}
	hour := time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)
	for at := hour; !at.After(hour.Add(time.Hour)); at = at.Add(trafficEvery) {
		u.Observe(at, 4)
	}
	if err := errors.Join(saveUsual(s, u), s.Commit()); err != nil {
		t.Fatal(err)
	}
	if again, err := loadUsual(s); err != nil || again.At(hour) != 4 {
		t.Errorf("got %v, %v, want 4", again.At(hour), err)
	}
	if err := errors.Join(s.SaveState(usualState, []byte("no state")), s.Commit()); err != nil {
		t.Fatal(err)
	}
	if again, err := loadUsual(s); err == nil || !math.IsNaN(again.At(hour)) {
		t.Errorf("a damaged state: got %v, %v, want an error and nothing learned", again.At(hour), err)
	}
}

// TestCallsThatLiveOnBecomePoints, at the end of the capture: what they have cost is
// money too. Others lie at their own end, however late that was known.
func TestCallsThatLiveOnBecomePoints(t *testing.T) {
	s := newSite(t)
	s.answered("one", "0033199001201")
	s.talk("one", 0)
	end := s.now
	s.now = s.now.Add(time.Minute)
	s.answered("two", "0033199001202")
	s.now = s.now.Add(10 * time.Second)
	s.pipeline.Advance(s.now)
	if err := s.pipeline.Finish(); err != nil {
		t.Fatal(err)
	}
	calls := s.found.calls()
	if len(calls) != 2 {
		t.Fatalf("got %d calls, want 2", len(calls))
	}
	for i, want := range []points.Call{{State: "answered", End: end}, {State: "active", End: s.now}} {
		if got := callPoint(calls[i]); got.State != want.State || !got.End.Equal(want.End) {
			t.Errorf("call %d: got %s at %s, want %s at %s", i, got.State, got.End, want.State, want.End)
		}
	}
}
