// Package dialog turns scanned SIP messages into events of calls, bindings and
// single messages.
//
// A [Tracker] merges the INVITEs that are one attempt (retransmissions, the
// hops of a proxy, forks, retries with credentials) into a leg, follows it to
// its end, joins the legs of a call through a B2BUA, and keeps account of
// registrations and of transactions outside calls. What it learns of media it
// hands out as [Endpoint] values; that media flows, it is told
// ([Tracker.ObserveMedia]).
//
// It promises that every leg ends, once, whatever is lost; that every table has
// a cap and counts what it evicts or refuses; that a call in progress never
// gives way to one that was not answered; that a message which changes nothing
// costs no allocation; and that the same messages give the same events, since
// the only clock is the packets'.
//
// Nothing is ended on an attacker's word alone. A BYE ends a leg when it bears
// the dialog's tags and comes from an address that took part in it; any other
// BYE waits for its answer, or for the media to stop. A refusal ends a leg when
// it bears the branch that the caller's INVITE bore. Media endpoints are handed
// out when the other side has answered.
//
// The legs of a call are joined on what the B2BUA itself shows: the later leg
// comes from where the earlier one went, and they have a number, a caller, a
// session, a media endpoint or a named Call-ID in common. Where a leg has several
// possible partners it stays apart until they ring or are answered, which the
// legs of one call do in step; where it has many, until two moments agree. A
// wrong join is worse than none.
//
// A call whose beginning was missed is rebuilt from what proves it: a
// provisional or 2xx answer to an INVITE, or an INVITE inside a dialog, opens a
// leg that says Partial, with the times at which it was seen. A BYE, an ACK or
// a refusal alone opens none: what it ends or acknowledges has no start that
// could be told without inventing it. Such a BYE is reported as a single
// message, with its answer.
//
// It will not validate, answer or authenticate, keeps no digit that was
// pressed, and knows nothing of numbers beyond comparing their last digits.
package dialog
