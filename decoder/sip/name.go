package sip

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

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

// firstN are the first N bytes of a word.
const (
	first1 = 1<<(8*iota+8) - 1
	first2
	first3
	first4
	first5
	first6
	first7
)

// identify reads the name that a line begins with, and returns which header it
// is and how long the name is with its colon. Headers that Parse does not read
// give hOther; the length is 0 when the name needs a closer look: nameOf. The
// empty line gives hEnd.
//
// long: a case a name and not a table: a hash of the name was six times as dear.
func identify(line *[nameWindow]byte) (headerID, int) {
	w := fold(binary.LittleEndian.Uint64(line[:]))
	if byte(w>>8) == ':' {
		if c := byte(w) - 'a'; c < 26 {
			return compact[c], 2
		}
		return hOther, other(line)
	}
	switch byte(w) {
	case 'v':
		if w&first4 == nVia {
			return hVia, 4
		}
	case 'f':
		if w&first5 == nFrom {
			return hFrom, 5
		}
	case 't':
		if w&first3 == nTo {
			return hTo, 3
		}
	case 'c':
		switch {
		case w == nCallID:
			return hCallID, 8
		case w&first5 == nCSeq:
			return hCSeq, 5
		case w == nContact:
			return hContact, 8
		case w == nContent && fold(binary.LittleEndian.Uint64(line[8:]))&first7 == nLength:
			return hContentLength, 15
		case w == nContent && fold(binary.LittleEndian.Uint64(line[8:]))&first5 == nType:
			return hContentType, 13
		}
	case 'u':
		if w == nUserAgent && fold(binary.LittleEndian.Uint64(line[8:]))&first3 == nNt {
			return hUserAgent, 11
		}
	case 's':
		if w&first7 == nServer {
			return hServer, 7
		}
		if w == nSession && fold(binary.LittleEndian.Uint64(line[8:])) == nExpires {
			return hSessionExpires, 16
		}
	case 'e':
		if w == nExpires {
			return hExpires, 8
		}
		if w&first6 == nEvent {
			return hEvent, 6
		}
	case 'p':
		return identifyP(line, w)
	case 'a':
		if w == nAuthoriz && fold(binary.LittleEndian.Uint64(line[8:]))&first6 == nAtion {
			return hAuthorization, 14
		}
	case 'r', 'd', 'h', 'w':
		return identifyRare(line, w)
	case '\r':
		if byte(w>>8) == '\n' {
			return hEnd, 0
		}
	}
	return hOther, other(line)
}

func identifyP(line *[nameWindow]byte, w uint64) (headerID, int) {
	if w != nPAssert && w != nPPrefer && w != nProxyAu {
		return hOther, other(line)
	}
	second, third := fold(binary.LittleEndian.Uint64(line[8:])), fold(binary.LittleEndian.Uint64(line[16:]))
	switch {
	case w == nPAssert && second == nEdIdent && third&first4 == nIty:
		return hAsserted, 20
	case w == nPPrefer && second == nRedIden && third&first5 == nTity:
		return hPreferred, 21
	case w == nProxyAu && second == nThorizat && third&first4 == nIon:
		return hAuthorization, 20
	case w == nProxyAu && second == nThentica && third&first3 == nTe:
		return hChallenge, 19
	}
	return hOther, other(line)
}

func identifyRare(line *[nameWindow]byte, w uint64) (headerID, int) {
	second := fold(binary.LittleEndian.Uint64(line[8:]))
	switch {
	case w&first7 == nReason:
		return hReason, 7
	case w&first5 == nDate:
		return hDate, 5
	case w == nRemoteP && second == nArtyID:
		return hRemoteParty, 16
	case w == nReferTo && byte(second) == ':':
		return hReferTo, 9
	case w == nReplaces && byte(second) == ':':
		return hReplaces, 9
	case w == nReferred && second&first4 == nBy:
		return hReferredBy, 12
	case w == nDiversio && second&first2 == nN:
		return hDiversion, 10
	case w == nHistory && second&first5 == nInfo:
		return hHistoryInfo, 13
	case w == nAuthoriz && second&first6 == nAtion:
		return hAuthorization, 14
	case w == nWWWAuth && second == nEnticate && fold(binary.LittleEndian.Uint64(line[16:]))&first1 == nOnly:
		return hChallenge, 17
	}
	return hOther, other(line)
}

// longestName is the length of the longest name that identify knows, and
// nameWindow what it looks at: whole words, the colon behind the name included.
const (
	longestName = 20
	nameWindow  = 24
)

// identifyTail is identify for the last lines of a message, behind which there
// is less than a window.
//
//go:noinline
func identifyTail(b []byte) (headerID, int) {
	var window [nameWindow]byte
	copy(window[:], b)
	return identify(&window)
}

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
	var name [nameWindow]byte
	copy(name[:], b[p:p+n])
	name[n] = ':'
	id, _ := identify(&name)
	return id, colon + 1
}

// compact maps the one-letter names (RFC 3261 §7.3.3 and the IANA registry).
var compact = [26]headerID{'b' - 'a': hReferredBy, 'c' - 'a': hContentType, 'f' - 'a': hFrom, 'i' - 'a': hCallID,
	'l' - 'a': hContentLength, 'm' - 'a': hContact, 'o' - 'a': hEvent, 'r' - 'a': hReferTo, 't' - 'a': hTo, 'v' - 'a': hVia,
	'x' - 'a': hSessionExpires}

// other returns the length, with its colon, of a name that identify does not
// know. It is 0 when the colon does not stand within sixteen bytes, or blanks
// or control characters stand before it.
func other(line *[nameWindow]byte) int {
	w, before := binary.LittleEndian.Uint64(line[:]), 0
	colon, blanks := equal(w, ':'), (w-0x21*ones)&^w&tops
	if colon == 0 && blanks == 0 {
		w, before = binary.LittleEndian.Uint64(line[8:]), 8
		colon, blanks = equal(w, ':'), (w-0x21*ones)&^w&tops
	}
	if colon == 0 || blanks&(colon&-colon-1) != 0 || line[0] == ':' {
		return 0
	}
	return before + bits.TrailingZeros64(colon)>>3 + 1
}
