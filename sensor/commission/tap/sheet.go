package tap

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tollwatch/sensor/commission"
)

// What is told of a mirror that is wrong.
const (
	setMirror = "on the switch, mirror the port of the PBX, both directions (rx and tx), to this one"
	setBoth   = "on the switch, mirror both directions (rx and tx) of the port; if there is no mirror at all, these are flooded frames: set one"
	testCall  = "make a test call of ten seconds while it listens; if you did, this port does not see it"
)

// Sheet ends the observation and makes the lines of it. Lost are frames that the
// kernel could not hand over.
func (o *Observer) Sheet(lost uint64) (s commission.Sheet) {
	o.end()
	for _, p := range o.ports {
		s = append(s, p.heard())
		if p.Mirror {
			s = append(s, p.foreign())
		}
	}
	return append(s, o.directions(), o.requests(), o.callsSeen(), o.media(), o.duplicates(), o.vlan(), o.encrypted(), o.loss(lost), o.guess())
}

func pass(name, format string, args ...any) commission.Check {
	return commission.Check{Name: name, Result: commission.Pass, Found: fmt.Sprintf(format, args...)}
}

// but is a check that did not pass.
func but(r commission.Result, c commission.Check, advice string) commission.Check {
	c.Result, c.Advice = r, advice
	return c
}

func (p *port) heard() commission.Check {
	c := pass("frames", "%d frames, %d bytes", p.frames, p.bytes)
	c.Subject = p.Name
	switch {
	case p.removed:
		c.Found += "; the interface was removed meanwhile"
		return but(commission.Fail, c, "look at the card and its driver")
	case p.frames == 0:
		return but(commission.Fail, c, "look at the cable, and at the switch's mirror")
	}
	return c
}

// foreign judges a port that is meant to be a mirror.
func (p *port) foreign() commission.Check {
	c := pass("strangers", "%d of %d frames are between other machines", p.strangers, p.frames)
	c.Subject = p.Name
	if p.strangers == 0 {
		c.Found = fmt.Sprintf("none of %d frames is between other machines: this is no mirror port", p.frames)
		return but(commission.Fail, c, setMirror)
	}
	return c
}

// busy is how many packets a pair must have before its silence one way counts.
const busy = 3

func (o *Observer) directions() commission.Check {
	all, both := o.pairs.count(busy)
	c := pass("directions", "of %d pairs of addresses %d are heard both ways", all, both)
	switch {
	case all == 0 && !o.mirrors():
		return but(commission.Fail, c, testCall)
	case all == 0:
		return but(commission.Fail, c, setMirror)
	case both == 0:
		c.Found = fmt.Sprintf("one direction only, of all %d pairs of addresses: %s", all, o.pairs.oneWay())
		return but(commission.Fail, c, setBoth)
	case 2*both < all:
		c.Found += ": " + o.pairs.oneWay()
		return but(commission.Warn, c, "look whether every mirrored port is mirrored both ways")
	}
	return c
}

// mirrors says that one of the ports is meant to be a mirror.
func (o *Observer) mirrors() bool {
	return slices.ContainsFunc(o.ports, func(p *port) bool { return p.Mirror })
}

// few transactions prove nothing.
const few = 3

func (o *Observer) requests() commission.Check {
	l := o.signalling.ledger(o.last)
	c := pass("sip", "%d requests answered, %d unanswered; %d answers whose request was not heard", l.answered, l.unanswered, l.orphans)
	tls := o.decoder.TLS()
	switch {
	case l.answered == 0 && tls != nil && tls.Share > 0:
		c.Found += "; what there is, is encrypted"
		return but(commission.Fail, c, "let a capture agent of the PBX send what it sees (docs/agents.md)")
	case l.answered+l.unanswered+l.orphans == 0:
		return but(commission.Fail, c, testCall)
	case l.answered == 0 && l.unanswered+l.orphans >= few:
		c.Found += "; one direction only: " + o.signalling.pairs.oneWay()
		return but(commission.Fail, c, setBoth)
	case l.answered == 0:
		return but(commission.Fail, c, testCall)
	case l.late >= few && 2*l.late > l.answered:
		c.Found += "; part of it one direction only: " + cmp.Or(o.signalling.pairs.oneWay(), "answers come another way")
		return but(commission.Fail, c, setBoth)
	case l.unanswered >= few && l.unanswered > l.answered:
		return but(commission.Warn, c, "somebody asks and is not answered: a scan, a dead peer, or a mirror of one direction at one of the ports")
	}
	return c
}

func (o *Observer) callsSeen() commission.Check {
	c := pass("calls", "%d legs of calls, %d answered", o.calls.seen, o.calls.answered)
	if o.calls.seen == 0 {
		return but(commission.Warn, c, testCall)
	}
	return c
}

func (o *Observer) media() commission.Check {
	all, both := o.audio.pairs.count(0)
	c := pass("rtp", "%d streams; of %d pairs of addresses %d are heard both ways", o.audio.streams, all, both)
	switch {
	case all == 0 && o.calls.answered > 0:
		c.Found = fmt.Sprintf("none, though %d legs were answered: audio goes another way", o.calls.answered)
		return but(commission.Fail, c, "mirror the port that audio passes too; of encrypted calls it is all there is to see")
	case all == 0:
		return but(commission.Fail, c, testCall)
	case both == 0:
		c.Found += ": " + o.audio.pairs.oneWay()
		return but(commission.Fail, c, setBoth)
	case 2*both < all:
		c.Found += ": " + o.audio.pairs.oneWay()
		return but(commission.Warn, c, "look whether every mirrored port is mirrored both ways; music on hold and voice mail are one way by nature")
	}
	return c
}

// muchTwice is the share of doubled frames at which a mirror is said to double.
const muchTwice = 0.05

func (o *Observer) duplicates() commission.Check {
	share := ratio(o.twice, o.total)
	c := pass("duplicates", "%.0f %% of the frames came twice", 100*share)
	if share >= muchTwice {
		advice := "each counts once, so nothing is wrong; to spare the port, mirror both directions of one port, or one direction of each, not both of all"
		return but(commission.Warn, c, advice)
	}
	return c
}

func ratio(part, whole uint64) float64 { return float64(part) / float64(max(whole, 1)) }

func (o *Observer) vlan() commission.Check {
	tags := o.vlans()
	if tags == nil {
		return pass("vlan", "no tags")
	}
	return pass("vlan", "tagged: %s", strings.Join(tags, ", "))
}

// hidden is the share of TLS from which conversations are counted by their audio
// (docs/detections.md, media_only).
const hidden = 0.2

func (o *Observer) encrypted() commission.Check {
	t := o.decoder.TLS()
	if t == nil || t.Share == 0 {
		return pass("tls", "no encrypted signalling")
	}
	c := pass("tls", "%.0f %% of the signalling is encrypted", 100*t.Share)
	if t.Share >= hidden {
		return but(commission.Warn, c, "of encrypted calls the audio alone is counted; let a capture agent of the PBX send what it sees (docs/agents.md)")
	}
	return c
}

func (o *Observer) loss(lost uint64) commission.Check {
	card := uint64(0)
	for _, p := range o.ports {
		card += p.card
	}
	c := pass("lost", "%d frames by this program, %d by the card", lost, card)
	switch {
	case lost > 0:
		return but(commission.Fail, c, "the machine is too slow or too busy for this traffic: free its processor, or mirror fewer ports")
	case card > 0:
		return but(commission.Fail, c, "ethtool -G INTERFACE rx 4096, or a better card")
	}
	return c
}

// guess says what the tap seems to see, in the words of [site] view.
func (o *Observer) guess() commission.Check {
	in, out := o.signalling.outside()
	view := ""
	switch {
	case in+out == 0:
		return pass("view", "nothing to go by: no SIP")
	case in > 0 && out > 0:
		view = "all"
	case in > 0:
		view = "lan"
	case out > 0:
		view = "trunk"
	}
	c := pass("view", "seems to be %s: %d pairs speak SIP within private networks, %d beyond", view, in, out)
	contrary := o.view == "lan" && view == "trunk" || (o.view == "trunk" || o.view == "internet") && view == "lan"
	if contrary || o.view == "all" && (view == "lan" || view == "trunk") {
		return but(commission.Warn, c, fmt.Sprintf("[site] view is %q: correct it, or mirror the other side too", o.view))
	}
	return c
}
