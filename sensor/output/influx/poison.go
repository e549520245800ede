package influx

import "context"

// maxFailures is how often a server may fail on a parcel before it is asked which
// part of it that is about.
const maxFailures = 5

// interrupted is the verdict of an isolation that another trouble ended.
const interrupted verdict = ended + 1

// isolation looks for the lines on which a server fails. As long as it has taken
// none, the server may be what is ill: then the search gives up soon, and nothing
// is condemned.
type isolation struct {
	drainer *drainer
	taken   bool // something was, or the parcel is known to be guilty
	asked   int
	most    int // requests while nothing was taken
	tally   tally
	poison  []string
	why     string
}

// isolate sends a parcel by parts that become smaller where the server fails. Lines
// on which it fails alone, while it takes others, are dead letters.
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
	if v == delivered && !i.taken {
		v = doubtful
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
	d.watch.over(d.part)
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
		i.tally.done += n
		return delivered
	case outcome == Reject:
		i.taken = true
		i.drainer.reject(lines, n, err, &i.tally)
		return delivered
	case outcome == Retry && !failed(err):
		return interrupted
	case n == 1:
		_, i.why = Diagnose(err, i.drainer.writer.Place())
		i.poison = append(i.poison, lines)
		return delivered
	}
	return i.parts(hard, lines, n)
}
