package device

import (
	"fmt"
	"strings"
)

// Make is a kind of machine and its handwriting.
type Make struct {
	Name string // as User-Agent or Server; empty when it tells nothing

	requests, answers []field
	allow, supported  string
	serverHeader      string
	display           string // how a display name stands before <: a format
	viaParams         string
	compact           bool // short names of headers (RFC 3261 §7.3.3)
	userPhone         bool // numbers of outside are marked user=phone (§19.1.1)
	tel               bool // the asserted identity is a tel: URI (RFC 3966)
	hostInCallID      bool
	id                func(r uint64, kind byte) string
}

// Kinds of identifiers.
const (
	kindCall   = 'c'
	kindTag    = 't'
	kindBranch = 'b'
)

// CallID makes a Call-ID of r, drawn once for a dialog.
func (k *Make) CallID(r uint64, host string) string {
	if k.hostInCallID {
		return k.id(r, kindCall) + "@" + host
	}
	return k.id(r, kindCall)
}

// Tag makes a tag of r.
func (k *Make) Tag(r uint64) string { return k.id(r, kindTag) }

// Via makes the value of a Via header (RFC 3261 §20.42).
func (k *Make) Via(transport, sentBy string, r uint64) string {
	return "SIP/2.0/" + transport + " " + sentBy + k.viaParams + ";branch=z9hG4bK" + k.id(r, kindBranch)
}

// URI makes a SIP URI of a user or number.
func (k *Make) URI(user, host string) string {
	uri := "sip:" + User(user) + "@" + host
	if k.userPhone && len(user) > shortNumber {
		uri += ";user=phone"
	}
	return uri
}

// shortNumber is the length up to which a number is one of the house.
const shortNumber = 5

// User writes a user with what no URI may hold escaped (RFC 3261 §25.1): of
// the keys of a telephone that is one.
func User(user string) string { return strings.ReplaceAll(user, "#", "%23") }

// Asserted makes the value of P-Asserted-Identity (RFC 3325 §9.1).
func (k *Make) Asserted(number, host string) string {
	if k.tel && strings.HasPrefix(number, "+") {
		return "<tel:" + number + ">"
	}
	return "<" + k.URI(number, host) + ">"
}

// NameAddr writes a display name, an address and a tag.
func (k *Make) NameAddr(display, uri, tag string) string {
	s := "<" + uri + ">"
	if display != "" {
		s = fmt.Sprintf(k.display, display) + s
	}
	if tag != "" {
		s += ";tag=" + tag
	}
	return s
}

// Kordia is a telephone that writes the dialog first.
func Kordia() *Make {
	head := []field{via, from, to, callID, cseq}
	return &Make{
		Name:         "Kordia D42/3.1.18",
		requests:     append(head, contact, maxForwards, supported, agent, allow, auth, expires, contentType, contentLength),
		answers:      append(head, contact, supported, agent, allow, expires, contentType, contentLength),
		allow:        "INVITE, ACK, OPTIONS, CANCEL, BYE, SUBSCRIBE, NOTIFY, INFO, REFER, UPDATE",
		supported:    "replaces, timer",
		serverHeader: "User-Agent",
		display:      `"%s" `,
		viaParams:    ";rport",
		hostInCallID: true,
		id: func(r uint64, kind byte) string {
			if kind == kindTag {
				return fmt.Sprintf("%d", r%1e10)
			}
			return fmt.Sprintf("%d", r)
		},
	}
}

// Lumeo is a telephone that writes the route first.
func Lumeo() *Make {
	head := []field{via, maxForwards, contact, to, from, callID, cseq}
	return &Make{
		Name:         "Lumeo/T27 66.85.0.5",
		requests:     append(head, expires, allow, contentType, supported, auth, agent, contentLength),
		answers:      []field{via, contact, to, from, callID, cseq, expires, allow, contentType, supported, agent, contentLength},
		allow:        "INVITE,ACK,CANCEL,BYE,NOTIFY,REFER,OPTIONS,UPDATE,INFO,SUBSCRIBE",
		supported:    "replaces,norefersub,100rel",
		serverHeader: "Server",
		display:      "%s ",
		id: func(r uint64, kind byte) string {
			switch kind {
			case kindTag:
				return fmt.Sprintf("%08X-%08X", uint32(r>>32), uint32(r))
			case kindBranch:
				return fmt.Sprintf("-524287-1---%016x", r)
			}
			return fmt.Sprintf("0_%x", r)
		},
	}
}

// PBX writes much as Asterisk does.
func PBX() *Make {
	return &Make{
		Name:         "Asterisk PBX 20.9.3",
		requests:     []field{via, from, to, contact, callID, cseq, allow, supported, asserted, maxForwards, agent, contentType, contentLength},
		answers:      []field{via, callID, from, to, cseq, agent, auth, contact, expires, allow, supported, contentType, contentLength},
		allow:        "OPTIONS, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, MESSAGE, INFO, REFER",
		supported:    "100rel, timer, replaces, norefersub",
		serverHeader: "Server",
		display:      `"%s" `,
		viaParams:    ";rport",
		id:           uuid,
	}
}

// Carrier is the border controller of a trunk: it does not tell what it is.
func Carrier() *Make {
	head := []field{via, maxForwards, callID, from, to, cseq}
	return &Make{
		requests:     append(head, contact, asserted, allow, contentType, contentLength),
		answers:      []field{via, to, from, callID, cseq, contact, allow, contentType, contentLength},
		allow:        "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE",
		serverHeader: "Server",
		display:      `"%s" `,
		hostInCallID: true,
		id: func(r uint64, kind byte) string {
			return fmt.Sprintf("%c%015x", kind, r&0xfffffffffffffff)
		},
	}
}

// Stranger is a dialling program somewhere in the Internet.
func Stranger() *Make {
	head := []field{via, maxForwards, from, to, contact, callID, cseq}
	return &Make{
		Name:         "softphone 1.4",
		requests:     append(head, agent, auth, expires, contentType, contentLength),
		answers:      append(head, contentType, contentLength),
		serverHeader: "User-Agent",
		display:      "%s ",
		viaParams:    ";rport",
		id:           uuid,
	}
}

// uuid spreads r over the form of RFC 9562; a tag has eight digits.
func uuid(r uint64, kind byte) string {
	if kind == kindTag {
		return fmt.Sprintf("%08x", uint32(r))
	}
	lo := mix(r)
	s := fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", uint32(r>>32), uint16(r>>16), uint16(r)&0xfff, uint16(lo>>48)&0x3fff|0x8000, lo&0xffffffffffff)
	if kind == kindBranch {
		return "Pj" + s
	}
	return s
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
