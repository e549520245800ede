package sip

// Recording says that a message belongs to an INVITE by which a recorder is
// given a copy of somebody's call (SIPREC, RFC 7866): the recording client must
// demand the option siprec (§6.1.1), and both sides must mark their Contact
// with the feature tags +sip.src and +sip.srs (§6.1.1, §6.2.1). One of the
// three is enough, for there are clients that forget one. The metadata in the
// body is not looked for: it stands within a multipart body, and says nothing
// of this that the others do not. It is the sender's word.
func (m *Message) Recording() bool {
	if m.Method != Invite {
		return false
	}
	contact := m.Text(m.Contact.Value)
	for _, tag := range [...]string{"+sip.src", "+sip.srs"} {
		if _, ok := Param(contact, tag); ok {
			return true
		}
	}
	for v, next := m.NextValue("Require", 0); next >= 0; v, next = m.NextValue("Require", next) {
		if equalName(m.Text(v), "siprec") {
			return true
		}
	}
	return false
}
