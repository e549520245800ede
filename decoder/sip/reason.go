package sip

import (
	"bytes"
	"math"
)

// Cause is one value of a Reason header (RFC 3326).
type Cause struct {
	Protocol []byte // SIP, Q.850, …
	Code     int    // -1 when there is none
	Text     []byte // escapes not undone, see AppendUnquoted
}

// ParseCause reads one value of a Reason header; [Message.NextValue] walks over
// them. It returns false when there is no protocol. The fields of c are pieces
// of value.
func ParseCause(value []byte, c *Cause) bool {
	protocol, _ := cut(value, ';')
	*c = Cause{Protocol: bytes.TrimSpace(protocol), Code: -1}
	if code, ok := Param(value, "cause"); ok {
		if n, ok := number(code, math.MaxInt32); ok {
			c.Code = int(n)
		}
	}
	c.Text, _ = Param(value, "text")
	return len(c.Protocol) > 0
}
