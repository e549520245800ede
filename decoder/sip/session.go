package sip

import "math"

// SessionTimer reads the Session-Expires header (RFC 4028 §4): after how many
// seconds the session ends unless somebody refreshes it, -1 when it does not
// say; and who is to refresh it, "uac" or "uas".
func (m *Message) SessionTimer() (seconds int, refresher []byte) {
	value := m.Text(m.SessionExpire)
	refresher, _ = Param(value, "refresher")
	n, ok := number(value[:digits(value, 0)], math.MaxInt32)
	if !ok && n != math.MaxInt32 {
		return -1, refresher
	}
	return int(n), refresher
}
