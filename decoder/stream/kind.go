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
	switch b[0] { // most streams are told by it
	case 'G':
		n, g := upgrade(b)
		return WebSocket, n, g
	case 'H':
		if g := hepLike(b); g != no {
			return HEP, 0, g
		}
		n, g := upgrade(b)
		return WebSocket, n, g
	}
	return WebSocket, 0, a.frameLike(b, maxStartLine)
}

// search finds the next message of a stream that was lost, in b. It returns
// what it is, where that is or may be, and yes or maybe, else no. What is not
// known to be of another kind is searched for all, and the first counts.
func (a *Assembler) search(known Kind, b []byte) (Kind, int, guess) {
	kind, n, g := known, len(b), no
	if known <= TCP {
		kind = TCP
		n, g = find(b)
	}
	for _, k := range []Kind{WebSocket, HEP} {
		if known != 0 && known != k {
			continue
		}
		if at, found := a.searchOf(k, b, n); found != no {
			kind, n, g = k, at, found
		}
	}
	return kind, n, g
}

func (a *Assembler) searchOf(k Kind, b []byte, limit int) (int, guess) {
	if k == HEP {
		return findHEP(b, limit)
	}
	return a.findFrame(b, limit)
}
