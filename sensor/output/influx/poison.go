package influx

import (
	"context"
	"strings"
)

// maxFailures is how often a server may fail on a parcel before it is asked which
// part of it that is about; of alerts, behind which others may wait, less often.
const (
	maxFailures       = 5
	maxFailuresUrgent = 2
)

// interrupted is the verdict of an isolation that another trouble ended.
const interrupted verdict = ended + 1

// isolation looks for the lines on which a server fails. As long as it has taken
// none, the server may be what is ill: then the search gives up soon, and nothing
// is condemned.
type isolation struct {
	drainer  *drainer
	taken    bool // something was, or the parcel is known to be guilty
	asked    int
	most     int // requests while nothing was taken
	tally    tally
	suspects []string // lines on which the server failed alone
	poison   []string
	why      string
}

// isolate sends a parcel by parts that become smaller where the server fails. Lines
// on which it fails alone, and right before it takes another, are dead letters.
func (d *drainer) isolate(hard context.Context, lines string, n int, guilty bool, t *tally) verdict {
	i := &isolation{drainer: d, taken: guilty, most: 2}
	for m := n; m > 0; m /= 2 {
		i.most++
	}
	v := delivered
	if n == 1 {
		v = i.part(hard, lines, n)
	} else {
		v = i.parts(hard, lines, n)
	}
	if v == delivered {
		v = i.condemn(hard)
	}
	if v != delivered {
		return v
	}
	for _, line := range i.poison {
		d.bury(line, i.why)
	}
	if len(i.poison) > 0 {
		d.watch.note(ofPoints, RefusedPoints, i.why)
	}
	d.watch.over(d.part, t.done+t.reject+n)
	i.tally.reject += len(i.poison)
	t.add(i.tally)
	return delivered
}

func (i *isolation) parts(hard context.Context, lines string, n int) verdict {
	first, rest := i.drainer.halves(lines, n, nil)
	if v := i.part(hard, first, n/2); v != delivered {
		return v
	}
	return i.part(hard, rest, n-n/2)
}

func (i *isolation) part(hard context.Context, lines string, n int) verdict {
	if i.asked++; !i.taken && i.asked > i.most {
		return doubtful
	}
	err := i.drainer.try(hard, &cargo{lines: lines})
	switch outcome := judge(err, n); {
	case outcome == Done:
		i.taken = true
		i.drainer.vouch(lines)
		i.tally.done += n
		return delivered
	case outcome == Reject:
		i.taken = true
		i.drainer.reject(lines, n, err, &i.tally)
		return delivered
	case outcome == Retry && !failed(err):
		return interrupted
	case n == 1:
		i.suspects = append(i.suspects, lines)
		return delivered
	}
	return i.parts(hard, lines, n)
}

// condemn tries each suspect once more, and then a line that the server has taken
// before: one that fell ill during the search fails on that one too.
func (i *isolation) condemn(hard context.Context) verdict {
	d := i.drainer
	if !i.taken || len(i.suspects) > 0 && d.good == "" {
		return doubtful
	}
	for _, line := range i.suspects {
		err := d.try(hard, &cargo{lines: line})
		switch outcome := judge(err, 1); {
		case outcome == Done:
			i.tally.done++
			continue
		case outcome == Reject:
			d.reject(line, 1, err, &i.tally)
			continue
		case !failed(err):
			return interrupted
		}
		if d.try(hard, &cargo{lines: d.good}) != nil {
			return doubtful
		}
		_, i.why = Diagnose(err, d.writer.Place())
		i.poison = append(i.poison, line)
	}
	return delivered
}

// vouch keeps the first of some lines that the server took. To write it again
// changes nothing.
func (d *drainer) vouch(lines string) {
	first, _, _ := strings.Cut(lines, "\n")
	d.good = strings.Clone(first) + "\n"
}
