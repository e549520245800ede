package kpi

import "math"

// Figures is what was counted over some time.
type Figures struct {
	Attempts    uint64 // calls that began
	Ended       uint64 // calls that are over; the ratios are of these
	Answered    uint64 // of them
	Effective   uint64 // of them: answered, or refused by the one called and not by the network
	Established uint64 // of them: effective in the narrower sense of RFC 6076 §4.7
	Redirected  uint64 // of them: 3xx, which RFC 6076 leaves out
	Ineffective uint64 // of them: 408, 500, 503, 504 or no answer at all (RFC 6076 §4.8)

	Talk Delays // answer to end: ACD is its mean
	PDD  Delays // INVITE to ringing (180 or 183), of calls that rang
	SRD  Delays // session request delay, RFC 6076 §4.3.1: INVITE to the first answer but 100, of calls not refused
	FRD  Delays // the same of refused ones: INVITE to the refusal, §4.3.2
	SDD  Delays // session disconnect delay, §4.4: BYE to its answer, of each leg

	PeakCalls int // most at once, from the first INVITE to the end of the last leg
	PeakCPS   int // most that began within one second of the clock
}

// ASR is the answer-seizure ratio, 0 to 1 (ITU-T E.425): answered of all.
func (f *Figures) ASR() float64 { return ratio(f.Answered, f.Ended) }

// NER is the network effectiveness ratio (ITU-T E.425): what the network
// brought to the one called, whatever he did with it.
func (f *Figures) NER() float64 { return ratio(f.Effective, f.Ended) }

// SER is the session establishment ratio, RFC 6076 §4.6.
func (f *Figures) SER() float64 { return ratio(f.Answered, f.Ended-f.Redirected) }

// SEER is the session establishment effectiveness ratio, RFC 6076 §4.7.
func (f *Figures) SEER() float64 { return ratio(f.Established, f.Ended-f.Redirected) }

// ISA is the share of ineffective session attempts, RFC 6076 §4.8.
func (f *Figures) ISA() float64 { return ratio(f.Ineffective, f.Ended) }

func ratio(part, whole uint64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// count enters how an unanswered call ended.
func (f *Figures) count(status int) {
	switch {
	case status >= 300 && status < 400:
		f.Redirected++
	case status == 0 || status == 408 || status == 500 || status == 503 || status == 504:
		f.Ineffective++
	}
	switch status { // the user was free, busy, away or unwilling: the network did its part
	case 480, 486, 487, 600, 603:
		f.Effective++
	}
	switch status { // RFC 6076 §4.7
	case 480, 486, 600, 603:
		f.Established++
	}
}
