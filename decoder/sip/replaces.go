package sip

import "bytes"

// Replaces names the dialog that an INVITE takes the place of (RFC 3891 §6.1).
type Replaces struct {
	CallID, ToTag, FromTag []byte
	EarlyOnly              bool
}

// ParseReplaces reads a Replaces header value, or the one that a Refer-To URI
// asks for ([URI.Header]) once its escapes are undone. It returns false when
// Call-ID or tags are missing. The fields of r are pieces of value.
func ParseReplaces(value []byte, r *Replaces) bool {
	id, _ := cut(value, ';')
	*r = Replaces{CallID: bytes.TrimSpace(id)}
	r.ToTag, _ = Param(value, "to-tag")
	r.FromTag, _ = Param(value, "from-tag")
	_, r.EarlyOnly = Param(value, "early-only")
	return len(r.CallID) > 0 && len(r.ToTag) > 0 && len(r.FromTag) > 0
}
