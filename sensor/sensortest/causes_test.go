package sensortest

import (
	"strings"

	"tollwatch/sensor/record"
)

// evidence is what a cause is judged by: the truth, the bytes of the capture
// read a second time, and what the sensor counted.
type evidence struct {
	truth     *truth
	datagrams []datagram
	summary   *record.Summary
}

// cause is a class of cause for which the sensor and the truth differ. It is
// found in the evidence; no capture is known by its name.
type cause struct {
	why      string
	explains func(d *difference, e *evidence) bool
}

var causes = []cause{
	{"the answer to an INVITE is not in the capture, but its ACK, a BYE and the talk between them are: it was answered; the reference " +
		"counts answers", answeredUnseen},
	{"the final answer belongs to no INVITE of its Call-ID: the tag or the number of CSeq is another one, so that for RFC 3261 §12.2.1.2 " +
		"and §17.1.3 it is a stranger's; the reference goes by the Call-ID alone", strangersAnswer},
	{"the stream is shorter than what an unannounced stream must show before it is believed, and the capture announces it only in " +
		"answers that belong to no INVITE", tooShort},
	{"RTP that goes on after the switch to T.38 on its port (version, SSRC and sequence are those of the stream); the reference reads it " +
		"as T.38", readAsFax},
}

// causeOf names the first class that explains a difference, or "".
func causeOf(d *difference, e *evidence) string {
	for _, c := range causes {
		if c.explains(d, e) {
			return c.why
		}
	}
	return ""
}

func answeredUnseen(d *difference, _ *evidence) bool {
	return d.what == "answered" && !d.dialog.Answered && d.dialog.FinalStatus == nil &&
		d.dialog.Methods["ACK"] > 0 && d.dialog.Methods["BYE"] > 0 &&
		d.call.Duration != nil && *d.call.Duration > 1 && d.call.Partial == false
}

func strangersAnswer(d *difference, e *evidence) bool {
	return d.what == "status" && d.call.Status == 0 && strangers(e.datagrams, *d.dialog.FinalStatus, d.dialog.CallID)
}

// strangers says whether there is an answer of a status and a Call-ID, and no
// INVITE that it answers.
func strangers(all []datagram, status, id string) bool {
	answers := 0
	for i := range all {
		if a := &all[i]; a.word() == status && a.field("Call-ID") == id {
			answers++
			if answersAny(a, all) {
				return false
			}
		}
	}
	return answers > 0
}

func answersAny(answer *datagram, all []datagram) bool {
	for i := range all {
		if m := &all[i]; m.word() == "INVITE" && m.field("Call-ID") == answer.field("Call-ID") &&
			m.field("CSeq") == answer.field("CSeq") && m.tag("From") == answer.tag("From") {
			return true
		}
	}
	return false
}

// tag is that of a From or To header.
func (d *datagram) tag(name string) string {
	_, tag, _ := strings.Cut(d.field(name), ";tag=")
	return tag
}

// believed is how many packets in a row an unannounced stream must show.
const believed = 4

func tooShort(d *difference, e *evidence) bool {
	if d.what != "no stream" || d.stream.Packets >= believed {
		return false
	}
	for i := range e.truth.Dialogs {
		if g := &e.truth.Dialogs[i]; g.FinalStatus != nil && strangers(e.datagrams, *g.FinalStatus, g.CallID) {
			return true
		}
	}
	return false
}

func readAsFax(d *difference, e *evidence) bool {
	return d.what == "packets" && int64(d.heard.Lost) == d.stream.Lost && d.heard.Packets > d.stream.Packets &&
		d.heard.Packets-d.stream.Packets <= uint64(e.truth.T38)
}
