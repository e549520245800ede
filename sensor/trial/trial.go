package trial

import (
	"fmt"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/lab/honest"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/lab/score"
)

// Site is one site on trial: a kind of business, drawn by a seed.
type Site struct {
	Profile string // a profile of the lab and of the engine
	Seed    uint64
	Full    bool          // telephones are seen, not the trunk alone
	Length  time.Duration // of its quiet time, in which it learns
	Plain   bool          // the list of risky destinations is switched off
	Answers bool          // people say of what wakes them for nothing that it is normal here
}

// Profiles are the kinds of site on trial.
func Profiles() []string {
	var names []string
	for _, p := range honest.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// View names what is seen.
func (s *Site) View() string {
	if s.Full {
		return "full"
	}
	return "trunk-only"
}

// Cost is what the engine took.
type Cost struct {
	Events uint64
	Time   time.Duration // of everything, the lab's own work included
}

// start is a Monday.
var start = time.Date(2026, time.February, 2, 0, 0, 0, 0, time.FixedZone("", 3600))

// parameters are those of the site, drawn.
func (s *Site) parameters() (scenario.Parameters, error) {
	p, ok := scenario.Lookup(s.Profile)
	if !ok {
		return p, fmt.Errorf("profile %q: the lab has no such site", s.Profile)
	}
	p.Start, p.Length = start, s.Length
	return scenario.Draw(p, s.Seed), nil
}

func (s *Site) engine() (*detect.Engine, error) {
	word := s.Profile
	if word == "hospital" {
		word = "hotel" // what its installer would choose: open day and night
	}
	profile, err := detect.ParseProfile(word)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	return detect.New(detect.Config{Site: s.Profile, Location: zone, Profile: profile, PlainClasses: s.Plain})
}

// Learned is what the engine knew of a site at a moment.
type Learned struct {
	At    time.Time
	State []byte
}

// Quiet lets nothing but honest traffic happen. It returns what was alerted
// for nothing, and what was learned at each of the moments given, in order.
func (s *Site) Quiet(moments ...time.Time) (score.Quiet, []Learned, Cost, error) {
	q := score.Quiet{Months: s.Length.Hours() / 720}
	engine, err := s.engine()
	if err != nil {
		return q, nil, Cost{}, err
	}
	p, err := s.parameters()
	if err != nil {
		return q, nil, Cost{}, err
	}
	heard := newPages()
	var w *Watch
	alert := func(a *detect.Alert) {
		if heard.hear(a) && s.Answers {
			w.Answer(a.Incident)
		}
	}
	w, err = s.watch(engine, p, func(*plan.Item) {}, alert)
	if err != nil {
		return q, nil, Cost{}, err
	}
	began := time.Now()
	never := func() bool { return false }
	var learned []Learned
	for _, at := range moments {
		w.Run(at, never)
		learned = append(learned, Learned{at, engine.AppendState(nil)})
	}
	w.Run(start.Add(s.Length), never)
	q.Pages, q.Notices = heard.count, heard.notices()
	return q, learned, Cost{w.Events, time.Since(began)}, nil
}

func (s *Site) watch(engine *detect.Engine, p scenario.Parameters, heard func(*plan.Item), alert func(*detect.Alert)) (*Watch, error) {
	pl, err := scenario.New(p, s.Seed)
	if err != nil {
		return nil, err
	}
	return NewWatch(engine, pl, s.Full, heard, alert), nil
}
