package kpi

import "time"

// Hour sums up the figures of the last hour, as they come every ten seconds.
type Hour struct {
	slots [hourSlots]sums
	slot  int64 // the latest one, slotWidth since 1970
	all   sums
}

const (
	slotWidth = 10 // seconds
	hourSlots = 3600 / slotWidth
)

// sums are whole numbers: what was added is taken away without a rest.
type sums struct {
	ended, answered, effective uint64
	rang, talked               uint64
	delay, talk                time.Duration
}

func (s *sums) add(o *sums) {
	s.ended, s.answered, s.effective = s.ended+o.ended, s.answered+o.answered, s.effective+o.effective
	s.rang, s.talked, s.delay, s.talk = s.rang+o.rang, s.talked+o.talked, s.delay+o.delay, s.talk+o.talk
}

func (s *sums) sub(o *sums) {
	s.ended, s.answered, s.effective = s.ended-o.ended, s.answered-o.answered, s.effective-o.effective
	s.rang, s.talked, s.delay, s.talk = s.rang-o.rang, s.talked-o.talked, s.delay-o.delay, s.talk-o.talk
}

// Observe adds what was counted up to now, and forgets what is older than an hour.
// Where time went back the hour begins anew.
func (h *Hour) Observe(now time.Time, f *Figures) {
	slot := now.Unix() / slotWidth
	if slot < h.slot || slot-h.slot >= hourSlots {
		*h = Hour{slot: slot}
	}
	for ; h.slot < slot; h.slot++ {
		old := &h.slots[(h.slot+1)%hourSlots]
		h.all.sub(old)
		*old = sums{}
	}
	s := sums{ended: f.Ended, answered: f.Answered, effective: f.Effective, rang: f.PDD.n, talked: f.Talk.n, delay: f.PDD.sum, talk: f.Talk.sum}
	h.slots[slot%hourSlots].add(&s)
	h.all.add(&s)
}

// ASR is the answer-seizure ratio of the hour, as [Figures.ASR].
func (h *Hour) ASR() float64 { return ratio(h.all.answered, h.all.ended) }

// NER is the network effectiveness ratio of the hour, as [Figures.NER].
func (h *Hour) NER() float64 { return ratio(h.all.effective, h.all.ended) }

// ACD is the average call duration of the hour, in seconds.
func (h *Hour) ACD() float64 { return mean(h.all.talk, h.all.talked) }

// PDD is the mean post-dial delay of the hour, in seconds.
func (h *Hour) PDD() float64 { return mean(h.all.delay, h.all.rang) }
