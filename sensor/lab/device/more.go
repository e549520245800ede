package device

import "fmt"

// PBXs are the makes of telephone systems.
func PBXs() []*Make { return []*Make{PBX(), Halyard(), Trivox(), Quorum()} }

// Phones are the makes of telephones.
func Phones() []*Make { return []*Make{Kordia(), Lumeo(), Senda(), Ostrel()} }

// Carriers are the makes of operators' border controllers.
func Carriers() []*Make { return []*Make{Carrier(), Tellan()} }

// Tellan is a border controller that marks numbers as such.
func Tellan() *Make {
	return &Make{
		requests:     []field{via, callID, from, to, cseq, maxForwards, asserted, contact, supported, allow, contentType, contentLength},
		answers:      []field{via, callID, from, to, cseq, contact, allow, supported, contentType, contentLength},
		allow:        "INVITE,ACK,CANCEL,BYE,OPTIONS,PRACK,UPDATE,INFO",
		supported:    "100rel,timer",
		serverHeader: "Server",
		userPhone:    true,
		tel:          true,
		display:      `"%s" `,
		hostInCallID: true,
		id: func(r uint64, kind byte) string {
			if kind == kindTag {
				return fmt.Sprintf("sip+1+%08x+%08x", uint32(r>>32), uint32(r))
			}
			return fmt.Sprintf("%X%c", r, kind)
		},
	}
}

// Halyard is a telephone system that writes as soft switches do.
func Halyard() *Make {
	head := []field{via, maxForwards, from, to, callID, cseq, contact}
	return &Make{
		Name:         "Halyard-mod_sofia/1.10.11",
		requests:     append(head, agent, allow, supported, asserted, contentType, contentLength),
		answers:      []field{via, from, to, callID, cseq, contact, agent, expires, allow, supported, auth, contentType, contentLength},
		allow:        "INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY",
		supported:    "timer, path, replaces",
		serverHeader: "User-Agent",
		userPhone:    true,
		display:      `"%s" `,
		viaParams:    ";rport",
		id: func(r uint64, kind byte) string {
			if kind == kindTag {
				return fmt.Sprintf("%c%012x", 'Q', r&0xffffffffffff)
			}
			return uuid(r, kind)
		},
	}
}

// Trivox is a telephone system under Windows.
func Trivox() *Make {
	head := []field{via, contact, maxForwards, to, from, callID, cseq}
	return &Make{
		Name:         "Trivox Phone System 18.0.9.20",
		requests:     append(head, allow, contentType, supported, agent, asserted, contentLength),
		answers:      append(head, expires, allow, contentType, supported, agent, auth, contentLength),
		allow:        "INVITE, ACK, CANCEL, OPTIONS, BYE, REGISTER, SUBSCRIBE, NOTIFY, REFER, INFO, MESSAGE, UPDATE",
		supported:    "replaces, timer",
		serverHeader: "User-Agent",
		tel:          true,
		display:      `"%s"`,
		viaParams:    ";rport",
		id: func(r uint64, kind byte) string {
			switch kind {
			case kindTag:
				return fmt.Sprintf("%08x", uint32(r))
			case kindBranch:
				return fmt.Sprintf("-524287-1---%016x", mix(r))
			}
			return fmt.Sprintf("%022x.", r)
		},
	}
}

// Quorum is a small office's box, which says little, in few letters.
func Quorum() *Make {
	head := []field{via, from, to, callID, cseq}
	return &Make{
		Name:         "Quorum",
		compact:      true,
		requests:     append(head, contact, maxForwards, asserted, contentType, contentLength),
		answers:      append(head, auth, contact, expires, contentType, contentLength),
		serverHeader: "Server",
		display:      `"%s" `,
		hostInCallID: true,
		id:           func(r uint64, kind byte) string { return fmt.Sprintf("%c%d-%d", kind, r>>40, uint32(r)) },
	}
}

// Senda is a wireless telephone.
func Senda() *Make {
	head := []field{via, from, to, callID, cseq, contact}
	return &Make{
		Name:         "Senda N510 42.262",
		requests:     append(head, auth, agent, maxForwards, allow, supported, expires, contentType, contentLength),
		answers:      append(head, agent, allow, supported, expires, contentType, contentLength),
		allow:        "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, REFER, SUBSCRIBE, NOTIFY",
		supported:    "replaces",
		serverHeader: "Server",
		display:      `"%s" `,
		viaParams:    ";rport",
		hostInCallID: true,
		id:           func(r uint64, kind byte) string { return fmt.Sprintf("%d%c", r%1e10, kind) },
	}
}

// Ostrel is a telephone that writes capabilities first.
func Ostrel() *Make {
	head := []field{via, maxForwards, allow, supported, agent}
	return &Make{
		Name:         "Ostrel IP 535/5.9.7.2910",
		requests:     append(head, contact, from, to, callID, cseq, auth, expires, contentType, contentLength),
		answers:      []field{via, to, from, callID, cseq, allow, supported, agent, contact, expires, contentType, contentLength},
		allow:        "INVITE,ACK,BYE,CANCEL,OPTIONS,INFO,MESSAGE,SUBSCRIBE,NOTIFY,PRACK,UPDATE,REFER",
		supported:    "100rel,replaces",
		serverHeader: "User-Agent",
		userPhone:    true,
		display:      `"%s"`,
		viaParams:    ";rport",
		id: func(r uint64, kind byte) string {
			if kind == kindCall {
				return fmt.Sprintf("%x-%x", uint32(r>>32), uint32(r))
			}
			return fmt.Sprintf("%X-%X", uint32(r>>32), uint32(r))
		},
	}
}
