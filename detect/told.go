package detect

import "time"

// toldFor is how long the like of what woke somebody wakes nobody again.
const toldFor = 24 * time.Hour

// maxTold bounds what is remembered of it.
const maxTold = 64

// noteTold remembers an incident of calls that woke somebody and is over. For a day
// it stands as if a person had acknowledged it: the same extensions, telephones and
// destinations stay a notice up to its level and twice its money, and no more than
// a day's calls to new destinations may cost. Whoever was told of a theft at noon
// need not be told at two, unless it goes on to cost something.
func (e *Engine) noteTold(i *incident) {
	if i.bySign || i.scheme == SpendCap || i.word != nil || !i.level.Pages() {
		return
	}
	w := &word{marks: i.clone(), told: true, at: e.now, until: e.now.Add(toldFor), most: e.prior.newSpend}
	w.seen.spent = max(i.spent.likely, 0)
	w.spent = w.seen.spent
	if len(e.told) >= maxTold {
		e.evicted.Words++
		e.told = e.told[1:]
	}
	e.told = append(e.told, w)
}
