package points

import "time"

// Stream is a media stream that has ended: one SSRC one way. Its point lies at its
// end.
type Stream struct {
	Group, CallID string
	SSRC          string
	Start, End    time.Time

	Codec, Trunk, Direction string // tags

	Src, Dst                                string
	PayloadType                             int
	Packets, Lost, Duplicates, Reordered    uint64
	JitterMeanMS, JitterMaxMS, RFactor, MOS float64 // NaN: not known
	MeasuredAt                              string  // sender_side, receiver_side or between
	Withheld                                string  // why there is no MOS
	Encrypted                               bool
}

// Loss is the share of the packets that never came.
func (s *Stream) Loss() float64 {
	if all := float64(s.Packets) + float64(s.Lost); all > 0 {
		return float64(s.Lost) / all
	}
	return unknown
}

var streamTable = table[Stream]{
	name: "stream", text: "a media stream (one SSRC, one way), when it has ended, at its end",
	tags: []tag[Stream]{
		set("codec", "name of the encoding", codecs[:], func(s *Stream) string { return codecOf(s.Codec) }),
		set("direction", "of its call", directions, func(s *Stream) string { return s.Direction }),
		trunk("of its call", func(s *Stream) string { return s.Trunk }),
	},
	fields: [][]field[Stream]{
		word("call_group", "of its call; absent where no SDP announced the stream", func(s *Stream) string { return s.Group }),
		callID("call_id", "SIP Call-ID of its leg", func(s *Stream) string { return s.CallID }),
		word("ssrc", "RFC 3550 §8, hexadecimal", func(s *Stream) string { return s.SSRC }),
		address("src", "where it came from", func(s *Stream) string { return s.Src }),
		address("dst", "where it went", func(s *Stream) string { return s.Dst }),
		count("payload_type", "RFC 3551", func(s *Stream) int { return s.PayloadType }),
		count("packets", "packets that came, doubles left out", func(s *Stream) uint64 { return s.Packets }),
		count("lost", "packets that never came", func(s *Stream) uint64 { return s.Lost }),
		figure("loss", share, "lost of all that were sent", func(s *Stream) float64 { return s.Loss() }),
		count("duplicates", "packets that came again", func(s *Stream) uint64 { return s.Duplicates }),
		count("reordered", "packets that came late", func(s *Stream) uint64 { return s.Reordered }),
		figure("jitter_mean_ms", millis, "RFC 3550 §6.4.1", func(s *Stream) float64 { return s.JitterMeanMS }),
		figure("jitter_max_ms", millis, "its most", func(s *Stream) float64 { return s.JitterMaxMS }),
		figure("r_factor", "0 to 100", "ITU-T G.107", func(s *Stream) float64 { return s.RFactor }),
		figure("mos", "1 to 5", "ITU-T G.107", func(s *Stream) float64 { return s.MOS }),
		word("mos_withheld", "why there is no MOS", func(s *Stream) string { return s.Withheld }),
		word("measured_at", "sender_side, receiver_side or between", func(s *Stream) string { return s.MeasuredAt }),
		figure("duration", seconds, "first packet to last", func(s *Stream) float64 { return s.End.Sub(s.Start).Seconds() }),
		flag("encrypted", "SRTP", func(s *Stream) bool { return s.Encrypted }),
	},
	at:    func(s *Stream) time.Time { return s.End },
	about: func(s *Stream) (string, string) { return s.SSRC, s.Src },
}
