package sip

// Scheme of a URI.
type Scheme uint8

// The schemes that a telephone meets.
const (
	OtherScheme Scheme = iota + 1
	SIP
	SIPS
	Tel
	URN
)

// URI is a parsed URI; its fields are pieces of the bytes that ParseURI was
// given. For tel: the number is User and Host is empty.
type URI struct {
	Scheme Scheme
	User   []byte // escapes not undone, see AppendUnescaped; user parameters (;npdi …) cut off
	Host   []byte // without brackets for IPv6
	Port   uint16 // 0 when none
	Params []byte // after the first ; behind the host (behind the number for tel:)
	// UserParams are the parameters inside the user part (";phone-context=…").
	UserParams []byte
}
