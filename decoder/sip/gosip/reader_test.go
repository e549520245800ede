package gosip

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	b, err := os.ReadFile("../testdata/invite_trunk.sip")
	if err != nil {
		t.Fatal(err)
	}
	got, err := New().Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	headers := got.Headers
	got.Headers = nil
	want := Facts{Request: true, Method: "INVITE", RequestURI: "sip:0022790123456@trunk.example.net:5060;user=phone",
		CallID: "77aa01-4f12-9b3c@192.0.2.10", FromTag: "a61f09c2", FromUser: "+33388000001", ToUser: "0022790123456",
		Branch: "z9hG4bK-8c1f-77aa01", CSeq: 102, CSeqMethod: "INVITE"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	found := false
	for _, h := range headers {
		found = found || h.Name == "User-Agent" && h.Value == "Example PBX 4.2"
	}
	if len(headers) != 15 || !found {
		t.Errorf("got %d headers %v, want 15 with the User-Agent", len(headers), headers)
	}
}

func TestResponse(t *testing.T) {
	b, err := os.ReadFile("../testdata/answer_200.sip")
	if err != nil {
		t.Fatal(err)
	}
	got, err := New().Parse(b)
	if err != nil || got.Request || got.Status != 200 || got.ToTag != "SDg81v999-0a0037" {
		t.Errorf("got %+v %v", got, err)
	}
}

// TestErrors: refusals have three names, and none bears the sender's text.
func TestErrors(t *testing.T) {
	r := New()
	for _, c := range []struct {
		name, in string
		want     error
	}{
		{"empty", "", ErrRefused},
		{"no SIP", "GET / HTTP/1.1\r\n\r\n", ErrRefused},
		{"tel: in the request line", "INVITE tel:+22790 SIP/2.0\r\nCall-ID: c\r\n\r\n", ErrRefused},
		{"a scheme of two letters", "INVITE si SIP/2.0\r\n\r\n", ErrRefused},
		{"too long", "INVITE sip:b@x SIP/2.0\r\nX: " + strings.Repeat("x", MaxMessage) + "\r\n\r\n", ErrTooLong},
	} {
		if _, err := r.Parse([]byte(c.in)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if err := r.Check([]byte(c.in)); !errors.Is(err, c.want) {
			t.Errorf("%s: Check got %v, want %v", c.name, err, c.want)
		}
	}
}

// TestDropped: a header that gosip cannot read is counted, not logged.
func TestDropped(t *testing.T) {
	r := New()
	f, err := r.Parse([]byte("INVITE sip:b@x SIP/2.0\r\nFrom: \"a <x>, b\" <tel:1>;tag=1\r\nCall-ID: c\r\n\r\n"))
	if err != nil || f.FromTag != "" || r.Dropped() != 1 {
		t.Errorf("got %+v %v, %d dropped, want a message without From and 1", f, err, r.Dropped())
	}
}

// TestSeeds: nothing that other projects' fuzzers found gets through the
// wrapper as a panic.
func TestSeeds(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.sip")
	if err != nil || len(files) == 0 {
		t.Fatalf("no messages: %v", err)
	}
	r, read := New(), 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n := range b {
			if r.Check(b[:n]) == nil {
				read++
			}
			b[n] ^= 0x15
			_, _ = r.Parse(b)
			b[n] ^= 0x15
		}
	}
	if read == 0 {
		t.Error("no beginning of a message was read, want those behind the headers")
	}
}
