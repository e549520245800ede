package detect

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// The addresses of every story: telephones in the house, one PBX, one operator.
var (
	pbxAddr   = netip.MustParseAddrPort("192.168.1.10:5060")
	trunkAddr = netip.MustParseAddrPort("203.0.113.5:5060")
)

func phoneAddr(extension int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 168, 1, byte(extension)}), 5060)
}

// view is what the tap sees.
type view int

const (
	bothLegs view = iota
	trunkAlone
)

func (v view) String() string { return [...]string{"phones visible", "trunk only"}[v] }

// a call of a story, as a person would tell it.
type plot struct {
	at        time.Time
	extension int
	number    string // E.164 digits without +
	ring      time.Duration
	talk      time.Duration // 0: nobody answers
	cli       string        // number that the trunk sees; empty: the company's
	deaf      bool          // the other side says nothing at all
}

// script turns plots into events in the order of time.
type script struct {
	view   view
	call   call.ID
	leg    call.LegID
	events []call.Event
}

func (s *script) add(p plot) {
	s.call++
	cli := p.cli
	if cli == "" {
		cli = "+33145670000"
	}
	sent := "+" + p.number
	if len(p.number) < 4 {
		sent = p.number
	}
	out := s.newLeg(p, pbxAddr, trunkAddr, cli, sent)
	legs := []*call.Leg{out}
	if s.view == bothLegs {
		in := s.newLeg(p, phoneAddr(p.extension), pbxAddr, fmt.Sprint(p.extension), outside(p.number))
		legs = []*call.Leg{in, out}
	}
	for i, l := range legs {
		s.life(l, p, time.Duration(i)*20*time.Millisecond)
	}
}

// national is how a person in France dials the number.
func national(e164 string) string {
	if len(e164) < 4 {
		return e164
	}
	if len(e164) > 2 && e164[:2] == "33" {
		return "0" + e164[2:]
	}
	return "00" + e164
}

// outside is the same with the digit for an outside line before it.
func outside(e164 string) string {
	if len(e164) < 4 {
		return e164
	}
	return "0" + national(e164)
}

func (s *script) newLeg(p plot, src, dst netip.AddrPort, from, dialled string) *call.Leg {
	s.leg++
	return &call.Leg{ID: s.leg, Call: s.call, CallID: fmt.Sprintf("%d@story", s.leg), Transport: call.UDP, Source: call.Wire,
		Src: src, Dst: dst, From: call.Party{User: from, Host: src.Addr().String()},
		To: call.Party{User: dialled, Host: dst.Addr().String()}, Request: call.Party{User: dialled, Host: dst.Addr().String()},
		State: call.Trying, Attempts: 1}
}

// life writes what happens to a leg; late is how far it lags behind the first.
func (s *script) life(l *call.Leg, p plot, late time.Duration) {
	at := p.at.Add(late)
	l.Start = at
	s.tell(call.EventAttempt, at, l)
	if !p.deaf {
		l.HeardOther = true
		s.tell(call.EventProgress, at.Add(5*time.Millisecond), l)
		l.Ringing = at.Add(200 * time.Millisecond)
		s.tell(call.EventRinging, l.Ringing, l)
	}
	end := at.Add(p.ring)
	if p.talk > 0 {
		l.State, l.Status, l.Answer = call.Answered, 200, at.Add(p.ring)
		s.tell(call.EventAnswered, l.Answer, l)
		end = l.Answer.Add(p.talk)
	} else {
		l.State, l.Status = call.Cancelled, 487
	}
	l.End, l.EndBy = end, call.Caller
	s.tell(call.EventEnded, end, l)
}

func (s *script) tell(kind call.EventKind, at time.Time, l *call.Leg) {
	snapshot := *l
	s.events = append(s.events, call.Event{Kind: kind, Time: at, Leg: &snapshot})
}

// sorted returns the events in the order of time.
func (s *script) sorted() []call.Event {
	slices.SortStableFunc(s.events, func(a, b call.Event) int { return a.Time.Compare(b.Time) })
	return s.events
}

// play runs the events through the engine with a tick every second while
// something is going on, and every minute otherwise.
func play(e *Engine, events []call.Event, until time.Time) []Alert {
	var alerts []Alert
	tick := time.Time{}
	advance := func(to time.Time) {
		if tick.IsZero() {
			tick = to.Truncate(time.Second)
		}
		for !tick.After(to) {
			alerts = append(alerts, e.Advance(tick).Alerts...)
			step := time.Second
			if e.calls.Len() == 0 && len(e.incidents) == 0 {
				step = time.Minute
			}
			tick = tick.Add(step)
		}
	}
	for _, ev := range events {
		advance(ev.Time)
		alerts = append(alerts, e.Observe(ev).Alerts...)
	}
	if !until.IsZero() {
		advance(until)
	}
	return alerts
}

var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return time.FixedZone("CET", 3600)
	}
	return l
}()

func newEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := New(Config{Site: "office-1", Customer: "acme", Country: "FR", Location: paris, HashKey: [16]byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// monday is the first day of every story.
var monday = time.Date(2026, 11, 2, 0, 0, 0, 0, paris)

// abroadOfAnOffice is where an ordinary office calls, favourites first.
var abroadOfAnOffice = []string{"442071234567", "4930123456", "12125550123", "41223456789", "390612345678"}

// officeDays writes days of ordinary traffic of an office: 60 calls a working
// day by 12 people, one in twenty abroad, three of ten unanswered.
func (s *script) officeDays(from time.Time, days int, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	for d := range days {
		day := from.AddDate(0, 0, d)
		calls := 60
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			calls = 3
		}
		busy := map[int]time.Time{}
		starts := make([]time.Duration, calls)
		for i := range starts {
			starts[i] = 8*time.Hour + 30*time.Minute + time.Duration(r.Int64N(int64(10*time.Hour)))
		}
		slices.Sort(starts)
		for _, start := range starts {
			p := plot{at: day.Add(start), extension: 201 + r.IntN(12), ring: time.Duration(4+r.IntN(8)) * time.Second}
			if p.at.Before(busy[p.extension]) {
				continue // a person holds one call at a time
			}
			p.number = fmt.Sprintf("331%08d", 40000000+r.IntN(9000000))
			switch x := r.IntN(100); {
			case x < 5:
				p.number = abroadOfAnOffice[min(r.IntN(5), r.IntN(5))]
				p.number = fmt.Sprint(p.number[:len(p.number)-1], d%3) // more than one person there
			case x < 35:
				p.number = fmt.Sprintf("336%08d", 10000000+r.IntN(80000000))
			}
			if r.IntN(10) < 7 {
				p.talk = time.Duration(20+r.ExpFloat64()*150) * time.Second
			}
			busy[p.extension] = p.at.Add(p.ring + p.talk)
			s.add(p)
		}
	}
}

// stolen numbers of the court's case: Cayman Islands and Niger.
var stolenNumbers = []string{"13459491234", "22790123456", "13459491235", "22790123457"}

// readingA is 25 calls a minute of 4 to 12 seconds, several at once.
func (s *script) readingA(from time.Time, calls, extension int, seed uint64) {
	s.attack(from, calls, extension, 2400*time.Millisecond, 8*time.Second, seed)
}

// readingB is 3.3 calls a minute of about 10 seconds, one after the other.
func (s *script) readingB(from time.Time, calls, extension int, seed uint64) {
	s.attack(from, calls, extension, 18*time.Second, 4*time.Second, seed)
}

func (s *script) attack(from time.Time, calls, extension int, every, spread time.Duration, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 2))
	for i := range calls {
		s.add(plot{at: from.Add(time.Duration(i) * every), extension: extension, number: stolenNumbers[r.IntN(len(stolenNumbers))],
			ring: time.Duration(1000+r.IntN(1000)) * time.Millisecond,
			talk: 12*time.Second - spread + time.Duration(r.Int64N(int64(spread)))})
	}
}
