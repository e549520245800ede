package sip

import "strings"

// Method is a SIP method. Methods are case-sensitive (RFC 3261 §7.1), but
// there are receivers that fold them: a known method in another case is read
// as that method and flagged [OddMethod].
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

// parseMethod reads a method token; odd says that its case is wrong.
func parseMethod(b []byte) (m Method, odd bool) {
	switch string(b) {
	case "INVITE":
		return Invite, false
	case "ACK":
		return Ack, false
	case "BYE":
		return Bye, false
	case "CANCEL":
		return Cancel, false
	case "REGISTER":
		return Register, false
	case "OPTIONS":
		return Options, false
	case "PRACK":
		return Prack, false
	case "SUBSCRIBE":
		return Subscribe, false
	case "NOTIFY":
		return Notify, false
	case "PUBLISH":
		return Publish, false
	case "INFO":
		return Info, false
	case "REFER":
		return Refer, false
	case "MESSAGE":
		return InstantMessage, false
	case "UPDATE":
		return Update, false
	}
	for m := Invite; m <= Update; m++ {
		if strings.EqualFold(methodNames[m], string(b)) {
			return m, true
		}
	}
	return Other, false
}
