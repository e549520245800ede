package sip

// Method is a SIP method. Methods are case-sensitive (RFC 3261 §7.1).
type Method uint8

// The methods of the IANA registry. Other is any other token.
const (
	Other Method = iota + 1
	Invite
	Ack
	Bye
	Cancel
	Register
	Options
	Prack
	Subscribe
	Notify
	Publish
	Info
	Refer
	InstantMessage
	Update
)

var methodNames = [...]string{"", "OTHER", "INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS", "PRACK",
	"SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO", "REFER", "MESSAGE", "UPDATE"}

func (m Method) String() string {
	if int(m) >= len(methodNames) {
		return ""
	}
	return methodNames[m]
}
