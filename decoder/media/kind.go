package media

// Kind is what a datagram turned out to be.
type Kind uint8

// NotMedia is none of ours, or not yet known to be.
const (
	NotMedia Kind = iota + 1
	RTP
	RTCP
	STUN
	DTLS
	T38
)

var kindNames = [...]string{"", "not_media", "rtp", "rtcp", "stun", "dtls", "t38"}

func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}
