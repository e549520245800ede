package trial

import (
	"time"

	"tollwatch/detect"
)

// answerAfter is how long people need to answer a page about their own business.
const answerAfter = 10 * time.Minute

// answer is what people will say of an incident: this is normal here.
type answer struct {
	at       time.Time
	incident string
}

// Answer lets people say of an incident, ten minutes from now, that it is normal here.
func (w *Watch) Answer(incident string) {
	w.answers = append(w.answers, answer{w.now.Add(answerAfter), incident})
}

// giveAnswers says what is due.
func (w *Watch) giveAnswers() {
	for len(w.answers) > 0 && !w.now.Before(w.answers[0].at) {
		id := w.answers[0].incident
		w.answers = w.answers[1:]
		if r, err := w.Engine.Normal(id, "trial", w.now); err == nil {
			w.tell(r)
		}
	}
}

// pages counts how often somebody was woken: by an incident once, and each time
// that it goes beyond what was said of it.
type pages struct {
	count  int
	woken  map[string]bool
	noises map[string]bool // that woke nobody
}

func newPages() pages { return pages{woken: map[string]bool{}, noises: map[string]bool{}} }

// hear says that somebody is woken.
func (p *pages) hear(a *detect.Alert) bool {
	switch {
	case !a.Level.Pages():
		p.noises[a.Incident] = true
		return false
	case a.Event == detect.Acknowledged || p.woken[a.Incident] && a.Event != detect.Reopened:
		return false
	}
	p.woken[a.Incident] = true
	p.count++
	return true
}

// notices are the incidents that never woke anybody.
func (p *pages) notices() (n int) {
	for id := range p.noises {
		if !p.woken[id] {
			n++
		}
	}
	return n
}
