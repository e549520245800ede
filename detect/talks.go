package detect

import (
	"math"
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// talks are the conversations with outside that no readable signalling announced,
// known by their media alone: one for each pair of endpoints between which
// streams go both ways.
type talks struct {
	table *window.LRU[talkKey, talk]
	now   int // conversations at once
}

// maxTalks is more than the channels of a trunk and the flows that strangers send.
const maxTalks = 2048

// talkKey is the lower endpoint first.
type talkKey [2]netip.AddrPort

// talk counts the streams each way.
type talk struct{ up, down uint16 }

func (t *talk) bothWays() bool { return t.up > 0 && t.down > 0 }

func newTalks() talks { return talks{table: window.NewLRU[talkKey, talk](maxTalks)} }

// observeStream follows streams that nobody announced. One that was announced
// later ends all the same.
func (e *Engine) observeStream(kind call.EventKind, s *call.Stream) {
	switch kind {
	case call.EventStreamHeard:
		if e.blind() && e.leaves(s.Src.Addr(), s.Dst.Addr()) {
			e.hearTalk(s)
		}
	case call.EventStream:
		e.endTalk(s)
	}
}

// leaves says that media go over a trunk, or between this site's telephone
// system and outside.
func (e *Engine) leaves(a, b netip.Addr) bool {
	a, b = a.Unmap(), b.Unmap()
	return e.leavesBy(a, b) || e.leavesBy(b, a)
}

func (e *Engine) leavesBy(inner, outer netip.Addr) bool {
	house := local(inner) || e.roles.isPBX(inner)
	switch {
	case !house || e.roles.isTrunk(inner):
		return false
	case e.roles.isTrunk(outer):
		return true
	case !e.beyond(outer):
		return false
	}
	return e.roles.isPBX(inner) || e.speaksTLS(inner) || e.speaksTLS(outer)
}

// beyond the house is an operator, or anybody on the Internet.
func (e *Engine) beyond(a netip.Addr) bool {
	return e.roles.isTrunk(a) || !local(a) && !e.roles.isPBX(a)
}

func keyOfTalk(s *call.Stream) (key talkKey, up bool) {
	if s.Src.Compare(s.Dst) < 0 {
		return talkKey{s.Src, s.Dst}, true
	}
	return talkKey{s.Dst, s.Src}, false
}

// hearTalk counts a stream to its conversation, which begins with the first one
// of the other way.
func (e *Engine) hearTalk(s *call.Stream) {
	key, up := keyOfTalk(s)
	t := e.talks.put(key)
	before := t.bothWays()
	if up {
		t.up++
	} else {
		t.down++
	}
	if !before && t.bothWays() {
		e.talks.now++
		e.judgeTalks(s)
	}
}

// put finds the conversation, or begins it in the place of the oldest.
func (t *talks) put(key talkKey) *talk {
	if t.table.Get(key) == nil && t.table.Len() >= maxTalks {
		if _, oldest := t.table.Oldest(); oldest.bothWays() {
			t.now--
		}
	}
	return put(t.table, key)
}

func (e *Engine) endTalk(s *call.Stream) {
	key, up := keyOfTalk(s)
	t := e.talks.table.Get(key)
	if t == nil {
		return
	}
	before := t.bothWays()
	if up {
		t.up -= min(t.up, 1)
	} else {
		t.down -= min(t.down, 1)
	}
	if before && !t.bothWays() {
		e.talks.now--
	}
	if t.up+t.down == 0 {
		e.talks.table.Delete(key)
	}
}

// judgeTalks asks whether so many conversations at once are usual at this hour,
// and learns the number where nothing is suspicious.
func (e *Engine) judgeTalks(s *call.Stream) {
	m, hours := &e.memory, e.talkHours()
	signs := rules.Signs{
		Talks: e.talks.now, TalksUsual: m.talksUsual(hours, e.prior.trunkCostly), TalksLearned: m.learned.days > 0,
		OffHours: hours == closedHours, Unread: e.unread.Share,
	}
	far := s.Src
	if !e.beyond(far.Addr().Unmap()) {
		far = s.Dst
	}
	if t := e.roles.trunkAt(far.Addr(), "", ""); t != nil {
		signs.Trunk = t.Name
	}
	if e.suspect(sign{scheme: TollFraud, trunk: signs.Trunk, source: far, signs: signs}) {
		m.today.talks[hours] = [histogram]uint32{} // it may have begun earlier
		return
	}
	m.today.talks[hours][min(e.talks.now, histogram-1)]++
}

// byMedia says that the incident's calls are known by their media alone.
func (i *incident) byMedia() bool {
	return i.strongest.Signs != nil && i.strongest.Signs.Talks > 0
}

// The hours that are learned apart.
const (
	openHours = iota
	closedHours
	kindsOfHours
)

// The working day where no hours are configured.
const (
	talkOpening = 8
	talkClosing = 19
)

// talkHours says which hours it is: as configured, else by the usual working week.
func (e *Engine) talkHours() int {
	at := e.now.In(e.cfg.Location)
	open := at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= talkOpening && at.Hour() < talkClosing
	if len(e.cfg.Hours.Week) > 0 {
		open = e.cfg.Hours.Open(at)
	}
	if open {
		return openHours
	}
	return closedHours
}

// talkBins counts how many conversations there were at once when one began.
type talkBins [kindsOfHours][histogram]uint32

func (b *talkBins) add(day *talkBins) {
	for hours := range day {
		for i, n := range day[hours] {
			b[hours][i] += n
		}
	}
}

// talksUsual is how many conversations at once are usual. Working hours have no
// floor: nobody knows how large a site is before it was watched.
func (m *memory) talksUsual(hours, floor int) int {
	if hours == openHours {
		floor = 0
	}
	return usualOf(&m.learned.talks[hours], floor)
}

func (w *writer) talks(b *talkBins) {
	for hours := range b {
		for _, n := range b[hours] {
			w.int(int64(n))
		}
	}
}

func (r *reader) talks(b *talkBins) {
	if r.version == oldVersion {
		return
	}
	for hours := range b {
		for i := range b[hours] {
			b[hours][i] = uint32(r.count(math.MaxUint32))
		}
	}
}
