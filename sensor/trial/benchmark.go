package trial

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/score"
)

// Benchmark is a trial of the engine on many sites.
type Benchmark struct {
	Profiles []string
	Cases    []attack.Case
	Seeds    []uint64 // a site of each profile for each
	Days     int      // of quiet time; at least MinDays
	Plain    bool     // the list of risky destinations is switched off
	Answers  bool     // people answer what wakes them for nothing
	Log      io.Writer
}

// MinDays: the attacks come in the third week.
const MinDays = 21

// moments are when attacks begin, less their lead: a Tuesday at 10:30 and a
// Saturday at 02:00 of the third week.
func moments() []time.Time {
	return []time.Time{
		start.Add(15*24*time.Hour + 10*time.Hour + 30*time.Minute - lead),
		start.Add(19*24*time.Hour + 2*time.Hour - lead),
	}
}

// Report is what a benchmark found, for each view.
type Report struct {
	Sheets map[string]*score.Sheet // by view; those of a site's first day end in FirstDay
	Costs  map[string]Cost         // by profile, of quiet time
	Memory uint64                  // bytes of the heap at the end, after collection
}

// FirstDay marks the trials of an engine that has learned nothing.
const FirstDay = ", first day"

// Views names the sheets, in order.
func Views() []string {
	return []string{"full", "trunk-only", "full" + FirstDay, "trunk-only" + FirstDay}
}

// Run tries every case on every site, at every moment, in both views.
func (b *Benchmark) Run(ctx context.Context) (*Report, error) {
	r := &Report{Sheets: map[string]*score.Sheet{}, Costs: map[string]Cost{}}
	for _, v := range Views() {
		r.Sheets[v] = score.NewSheet()
	}
	var sites []Site
	for _, seed := range b.Seeds {
		for _, p := range b.Profiles {
			for _, full := range []bool{true, false} {
				sites = append(sites, Site{Profile: p, Seed: seed, Full: full, Length: time.Duration(b.Days) * 24 * time.Hour, Plain: b.Plain, Answers: b.Answers})
			}
		}
	}
	c := collector{report: r, log: b.Log, all: len(sites)}
	c.run(ctx, sites, func(s *Site) error { return b.site(ctx, s, &c) })
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	r.Memory = m.HeapAlloc
	return r, c.err
}

// collector gathers what the sites on trial give, from as many goroutines as
// there are processors.
type collector struct {
	mu     sync.Mutex
	report *Report
	log    io.Writer
	done   int
	all    int
	err    error
}

func (c *collector) run(ctx context.Context, sites []Site, try func(*Site) error) {
	work := make(chan *Site)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for s := range work {
				c.note(s, try(s))
			}
		})
	}
	for i := range sites {
		if ctx.Err() != nil {
			break
		}
		work <- &sites[i]
	}
	close(work)
	group.Wait()
	if c.err == nil {
		c.err = ctx.Err()
	}
}

func (c *collector) note(s *Site, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("%s, seed %d: %w", s.Profile, s.Seed, err)
	}
	fmt.Fprintf(c.log, "\r%d of %d sites", c.done, c.all)
}

// site tries everything on one site.
func (b *Benchmark) site(ctx context.Context, s *Site, c *collector) error {
	quiet, learned, cost, err := s.Quiet(moments()...)
	if err != nil {
		return err
	}
	c.quiet(s, quiet, cost)
	learned = append(learned, Learned{At: learned[0].At}) // the first day: nothing is known
	n := 0
	for i := range b.Cases {
		for _, from := range learned {
			if n++; ctx.Err() != nil {
				return nil
			}
			result, _, err := s.Attack(b.Cases[i], from, n)
			if err != nil {
				return fmt.Errorf("%s: %w", b.Cases[i].Name, err)
			}
			c.attack(s, from.State == nil, result)
		}
	}
	return nil
}

func (c *collector) quiet(s *Site, q score.Quiet, cost Cost) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Sheets[s.View()].Quiet(s.Profile, q)
	sum := c.report.Costs[s.Profile]
	c.report.Costs[s.Profile] = Cost{sum.Events + cost.Events, sum.Time + cost.Time}
}

func (c *collector) attack(s *Site, first bool, r score.Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	view := s.View()
	if first {
		view += FirstDay
	}
	c.report.Sheets[view].Attack(r)
}
