package packets

import (
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tollwatch/decoder/sip"
)

// TestAMissedMessageIsAGap: what the tap does not see of a TCP connection is
// missing in its sequence numbers, and nothing else is.
func TestAMissedMessageIsAGap(t *testing.T) {
	for _, loss := range []string{"0", "0.1"} {
		m := generate(t, "court-a", 4, "length", "2m", "attack.length", "2m", "media", "none", "transport", "tcp", "sip_loss", loss)
		type way struct{ from, to string }
		next, gaps, messages := map[way]uint32{}, 0, 0
		m.each(t, func(_ time.Time, p gopacket.Packet) {
			b := p.TransportLayer().LayerPayload()
			if sip.LooksLike(b) {
				messages++
			}
			tcp, ok := p.TransportLayer().(*layers.TCP)
			if !ok || tcp.SYN {
				return
			}
			w := way{p.NetworkLayer().NetworkFlow().Src().String() + tcp.SrcPort.String(), p.NetworkLayer().NetworkFlow().Dst().String() + tcp.DstPort.String()}
			if want, known := next[w]; known && tcp.Seq != want {
				if int32(tcp.Seq-want) < 0 {
					t.Fatalf("got sequence %d behind %d", tcp.Seq, want)
				}
				gaps++
			}
			next[w] = tcp.Seq + uint32(len(b))
		})
		if messages != m.totals.SIPMessages {
			t.Errorf("loss %s: got %d messages, the truth says %d", loss, messages, m.totals.SIPMessages)
		}
		if lost := loss != "0"; lost != (gaps > 10) {
			t.Errorf("loss %s: got %d gaps", loss, gaps)
		}
	}
}
