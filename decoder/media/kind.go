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
	ZRTP
	TURN // channel data of a relay
)

var kindNames = [...]string{"", "not_media", "rtp", "rtcp", "stun", "dtls", "t38", "zrtp", "turn"}

func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}
