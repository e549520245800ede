package setup

import (
	"context"
	"io"
	"log/slog"
	"slices"

	"tollwatch/detect/numbering"
	"tollwatch/sensor"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// Options are of one check.
type Options struct {
	Version string // of tollwatch
	Offline bool   // no server is asked
}

// Check looks at a configuration, which may have problems, at the machine and at
// the server that points go to: it writes one point to each bucket, and waits ten
// seconds at most.
func Check(ctx context.Context, e *config.Examined, o Options) commission.Sheet {
	s := configuration(e)
	s = append(s, heldRights(e)...)
	s = append(s, interfaces(e)...)
	s = append(s, store(e)...)
	return append(s, outputs(ctx, e, o)...)
}

// configuration has a line for each problem of the file and of those it names.
func configuration(e *config.Examined) (s commission.Sheet) {
	problems := slices.Concat(e.Problems, plan(e), named(e))
	for _, p := range problems {
		s = append(s, commission.Check{Name: "configuration", Result: commission.Fail, Found: p.String()})
	}
	s = append(s, unreadable(e)...)
	faults := s.Count(commission.Fail)
	s = slices.Concat(s, relative(e), token(e), trunks(e))
	if faults > 0 {
		return s
	}
	if _, err := sensor.New(e.Config, "check", slog.New(slog.NewTextHandler(io.Discard, nil))); err != nil {
		return append(s, commission.Check{Name: "configuration", Result: commission.Fail, Found: err.Error()})
	}
	return append(s, commission.Check{Name: "configuration", Result: commission.Pass, Found: e.File() + ": no problem in it, nor in the files it names"})
}

// plan tells of a country whose numbers cannot be read.
func plan(e *config.Examined) config.Problems {
	table, err := numbering.Default()
	if err == nil && e.Sound("site.country") {
		_, err = numbering.NewPlan(table, numbering.PlanConfig{Country: e.Config.Site.Country})
	}
	if err != nil {
		return config.Problems{e.Problem("site.country", err.Error())}
	}
	return nil
}
