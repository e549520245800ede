package dialog

import "tollwatch/decoder/call"

// outcome is how a leg ends that was refused with a status, and by whom. Its
// order is the meaning of RFC 3261 §21, not that of the numbers:
//
//	0        Failed     the refusal itself was not seen, only its ACK
//	3xx      Rejected   the callee is elsewhere; the caller may go there with another INVITE
//	408      TimedOut   nobody answered the server
//	430,481  Failed     a hop or a dialog that is gone: the network's fault
//	486,600  Busy
//	487      Cancelled  the caller gave up, also where its CANCEL was not seen
//	4xx,6xx  Rejected   the other side, or its server, said no
//	5xx      Failed     the server cannot
func outcome(status int) (call.State, call.Side) {
	switch {
	case status == 408:
		return call.TimedOut, call.NoSide
	case status == 486 || status == 600:
		return call.Busy, call.Callee
	case status == 487:
		return call.Cancelled, call.Caller
	case status < 300 || status == 430 || status == 481 || status >= 500 && status < 600:
		return call.Failed, call.NoSide
	}
	return call.Rejected, call.Callee
}

// asksForRetry says that a refusal invites the same caller to try the same call
// again under the same Call-ID, with what was missing: credentials (401, 407),
// other extensions (420, 421), a longer session timer (422, RFC 4028 §6), an
// agreed security mechanism (494, RFC 3329).
func asksForRetry(status int) bool {
	switch status {
	case 401, 407, 420, 421, 422, 494:
		return true
	}
	return false
}

// better says that status a, and not b, is what a proxy would hand to the
// caller when all its forks were refused (RFC 3261 §16.7 step 6): a 6xx before
// all others, then the lowest class, and in the 4xx those that tell the caller
// what to do.
func better(a, b int) bool {
	return b == 0 || rank(a) < rank(b)
}

func rank(status int) int {
	switch class := status / 100; {
	case class == 6:
		return 0
	case status == 401 || status == 407 || status == 415 || status == 420 || status == 484:
		return 7
	default:
		return 2 * class
	}
}
