package sensortest

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// truth is what a reference decoder saw in a capture, as corpus/README.md
// describes it.
type truth struct {
	Packets int
	SIP     struct {
		Messages      int
		InviteCallIDs int `json:"invite_call_ids"`
		AnsweredCalls int `json:"answered_calls"`
		Requests      map[string]int
		Responses     map[string]int
	}
	Dialogs   []truthDialog
	Streams   []truthStream `json:"rtp_seq"`
	Heuristic []truthStream `json:"rtp_heur"` // found without SDP
	T38       int           `json:"t38_packets"`
	HEP       []truthReport // which SIP does not count
}

// truthReport is a packet of HEP.
type truthReport struct {
	Type      int    `json:"proto_type"`
	FirstLine string `json:"first_line"` // and those that follow it
	CallID    string `json:"call_id"`
}

// word is the method or the status of the SIP message that is reported, or "".
func (r *truthReport) word() string {
	const sip = 1
	if r.Type != sip {
		return ""
	}
	d := datagram{payload: []byte(r.FirstLine)}
	return d.word()
}

// invited is how many Call-IDs have an INVITE.
func (t *truth) invited() int {
	ids := map[string]bool{}
	for i := range t.HEP {
		if r := &t.HEP[i]; r.word() == "INVITE" {
			ids[r.CallID] = true
		}
	}
	return t.SIP.InviteCallIDs + len(ids)
}

type truthDialog struct {
	CallID      string   `json:"call_id"`
	InviteTime  *float64 `json:"invite_time"`
	Answered    bool
	Duration    *float64
	FinalStatus *string `json:"final_status"`
	Methods     map[string]int
	Statuses    map[string]int
}

type truthStream struct {
	SSRC         string
	Src, Dst     string
	Sport, Dport int
	Packets      uint64
	Lost         int64
}

// key is what a stream is known by, here and in the sensor's objects.
func (s *truthStream) key() string {
	return strings.ToLower(s.SSRC) + endpoint(s.Src, s.Sport) + endpoint(s.Dst, s.Dport)
}

// endpoint writes an address as the sensor does.
func endpoint(host string, port int) string {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	return netip.AddrPortFrom(addr, uint16(port)).String()
}

// sample is a capture of the corpus and what is true of it.
type sample struct {
	name, file string
	truth      truth
}

// samples are all captures of the corpus.
func samples(t *testing.T) []sample {
	t.Helper()
	corpus := Corpus(t)
	files, err := filepath.Glob(filepath.Join(corpus, "captures", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no captures under %s: %v", corpus, err)
	}
	var out []sample
	for _, file := range files {
		name := strings.SplitN(filepath.Base(file), ".", 2)[0]
		out = append(out, sample{name, file, readTruth(t, filepath.Join(corpus, "truth", name+".json"))})
	}
	return out
}

func readTruth(t *testing.T, file string) truth {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out truth
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return out
}
