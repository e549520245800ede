package sip

import "bytes"

// name8 is the first eight bytes of a name, in lower case, as load reads them.
func name8(s string) uint64 { return load([]byte(s), 0) }

// The names of the headers that Parse reads, colon included, in words of at
// most eight bytes.
var (
	nVia, nFrom, nTo           = name8("via:"), name8("from:"), name8("to:")
	nCallID, nCSeq, nContact   = name8("call-id:"), name8("cseq:"), name8("contact:")
	nContent, nLength, nType   = name8("content-"), name8("length:"), name8("type:")
	nUserAgent, nNt, nServer   = name8("user-age"), name8("nt:"), name8("server:")
	nExpires, nEvent, nDate    = name8("expires:"), name8("event:"), name8("date:")
	nSession                   = name8("session-")
	nPAssert, nEdIdent, nIty   = name8("p-assert"), name8("ed-ident"), name8("ity:")
	nPPrefer, nRedIden, nTity  = name8("p-prefer"), name8("red-iden"), name8("tity:")
	nRemoteP, nArtyID          = name8("remote-p"), name8("arty-id:")
	nDiversio, nN              = name8("diversio"), name8("n:")
	nHistory, nInfo            = name8("history-"), name8("info:")
	nReferTo, nReplaces        = name8("refer-to"), name8("replaces")
	nReferred, nBy, nReason    = name8("referred"), name8("-by:"), name8("reason:")
	nAuthoriz, nAtion          = name8("authoriz"), name8("ation:")
	nProxyAu, nThorizat, nIon  = name8("proxy-au"), name8("thorizat"), name8("ion:")
	nThentica, nTe             = name8("thentica"), name8("te:")
	nWWWAuth, nEnticate, nOnly = name8("www-auth"), name8("enticate"), name8(":")
)

// begins says that w begins with the n bytes of name, n < 8.
func begins(w, name uint64, n uint) bool { return w<<(64-8*n) == name<<(64-8*n) }

// identify reads the name that begins at p, and returns which header it is and
// how long the name is with its colon. Headers that Parse does not read, and
// names that are not at once followed by their colon, give hOther. It is a
// case a name and not a table: a hash of the name was six times as dear.
func identify(b []byte, p int) (headerID, int) {
	w := fold(load(b, p))
	if byte(w>>8) == ':' {
		if c := byte(w) - 'a'; c < 26 {
			return compact[c], 2
		}
		return hOther, 0
	}
	switch byte(w) {
	case 'v':
		if begins(w, nVia, 4) {
			return hVia, 4
		}
	case 'f':
		if begins(w, nFrom, 5) {
			return hFrom, 5
		}
	case 't':
		if begins(w, nTo, 3) {
			return hTo, 3
		}
	case 'c':
		switch {
		case w == nCallID:
			return hCallID, 8
		case begins(w, nCSeq, 5):
			return hCSeq, 5
		case w == nContact:
			return hContact, 8
		case w == nContent && begins(fold(load(b, p+8)), nLength, 7):
			return hContentLength, 15
		case w == nContent && begins(fold(load(b, p+8)), nType, 5):
			return hContentType, 13
		}
	case 'u':
		if w == nUserAgent && begins(fold(load(b, p+8)), nNt, 3) {
			return hUserAgent, 11
		}
	case 's':
		if begins(w, nServer, 7) {
			return hServer, 7
		}
		if w == nSession && fold(load(b, p+8)) == nExpires {
			return hSessionExpires, 16
		}
	case 'e':
		if w == nExpires {
			return hExpires, 8
		}
		if begins(w, nEvent, 6) {
			return hEvent, 6
		}
	case 'p':
		return identifyP(b, p, w)
	case 'r', 'd', 'h', 'a', 'w':
		return identifyRare(b, p, w)
	}
	return hOther, 0
}

func identifyP(b []byte, p int, w uint64) (headerID, int) {
	if w != nPAssert && w != nPPrefer && w != nProxyAu {
		return hOther, 0
	}
	second, third := fold(load(b, p+8)), fold(load(b, p+16))
	switch {
	case w == nPAssert && second == nEdIdent && begins(third, nIty, 4):
		return hAsserted, 20
	case w == nPPrefer && second == nRedIden && begins(third, nTity, 5):
		return hPreferred, 21
	case w == nProxyAu && second == nThorizat && begins(third, nIon, 4):
		return hAuthorization, 20
	case w == nProxyAu && second == nThentica && begins(third, nTe, 3):
		return hChallenge, 19
	}
	return hOther, 0
}

func identifyRare(b []byte, p int, w uint64) (headerID, int) {
	second := fold(load(b, p+8))
	switch {
	case begins(w, nReason, 7):
		return hReason, 7
	case begins(w, nDate, 5):
		return hDate, 5
	case w == nRemoteP && second == nArtyID:
		return hRemoteParty, 16
	case w == nReferTo && byte(second) == ':':
		return hReferTo, 9
	case w == nReplaces && byte(second) == ':':
		return hReplaces, 9
	case w == nReferred && begins(second, nBy, 4):
		return hReferredBy, 12
	case w == nDiversio && begins(second, nN, 2):
		return hDiversion, 10
	case w == nHistory && begins(second, nInfo, 5):
		return hHistoryInfo, 13
	case w == nAuthoriz && begins(second, nAtion, 6):
		return hAuthorization, 14
	case w == nWWWAuth && second == nEnticate && begins(fold(load(b, p+16)), nOnly, 1):
		return hChallenge, 17
	}
	return hOther, 0
}

// longestName is the length of the longest name that identify knows.
const longestName = 20

// nameOf reads the name of any header line b[p:end], with blanks before its
// colon or not. It returns which header it is and where the text behind the
// colon begins; 0 when there is no colon or no name.
func nameOf(b []byte, p, end int) (headerID, int) {
	n := bytes.IndexByte(b[p:end], ':')
	if n <= 0 || b[p] <= ' ' {
		return hOther, 0
	}
	colon := p + n
	n = trimEnd(b, p, colon) - p
	if n > longestName {
		return hOther, colon + 1
	}
	var name [longestName + 4]byte
	copy(name[:], b[p:p+n])
	name[n] = ':'
	id, _ := identify(name[:], 0)
	return id, colon + 1
}

// compact maps the one-letter names (RFC 3261 §7.3.3 and the IANA registry).
var compact = [26]headerID{'b' - 'a': hReferredBy, 'c' - 'a': hContentType, 'f' - 'a': hFrom, 'i' - 'a': hCallID,
	'l' - 'a': hContentLength, 'm' - 'a': hContact, 'o' - 'a': hEvent, 'r' - 'a': hReferTo, 't' - 'a': hTo, 'v' - 'a': hVia,
	'x' - 'a': hSessionExpires}

// ordinary says that the colon of the name at p stands within sixteen bytes
// and that no blank or control character stands before it: when identify does
// not know such a name, nobody asks for it.
func ordinary(b []byte, p int) bool {
	w := load(b, p)
	colon, blanks := equal(w, ':'), (w-0x21*ones)&^w&tops
	if colon == 0 && blanks == 0 {
		w = load(b, p+8)
		colon, blanks = equal(w, ':'), (w-0x21*ones)&^w&tops
	}
	return colon != 0 && blanks&(colon&-colon-1) == 0 && b[p] != ':'
}
