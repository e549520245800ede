package stream

// Kind is what carried a message.
type Kind uint8

// The kinds. HEP is no transport of SIP: the message is a packet of a capture
// agent, to be unwrapped.
const (
	TCP       Kind = iota + 1 // SIP over TCP (RFC 3261 §18)
	WebSocket                 // SIP over WebSocket (RFC 7118)
	SCTP                      // SIP over SCTP (RFC 4168)
	HEP                       // one HEP packet of a TCP connection
)

var kindNames = [...]string{"", "tcp", "ws", "sctp", "hep"}

// String is the kind in one word.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// recognise says what a stream that begins with b carries, and how much of b
// stands before its first message. A stream whose kind is known carries that
// or nothing.
func (a *Assembler) recognise(known Kind, b []byte) (Kind, int, guess) {
	if g := sniff(b); g != no || known == TCP || len(b) == 0 {
		return TCP, 0, g
	}
	if g := hepLike(b); g != no {
		return HEP, 0, g
	}
	if n, g := upgrade(b); g != no {
		return WebSocket, n, g
	}
	return WebSocket, 0, a.frameLike(b, maxStartLine)
}

// search finds the next message of a stream that was lost, in b. It returns
// what it is, where that is or may be, and yes or maybe, else no.
func (a *Assembler) search(known Kind, b []byte) (Kind, int, guess) {
	switch known {
	case TCP:
		n, g := find(b)
		return TCP, n, g
	case WebSocket:
		n, g := a.findFrame(b)
		return WebSocket, n, g
	case HEP:
		n, g := findHEP(b)
		return HEP, n, g
	}
	kind, n, g := TCP, len(b), no
	for _, k := range []Kind{TCP, WebSocket, HEP} {
		if _, at, found := a.search(k, b); found != no && (at < n || g == no) {
			kind, n, g = k, at, found
		}
	}
	return kind, n, g
}
