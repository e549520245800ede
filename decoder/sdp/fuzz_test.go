package sdp

import (
	"os"
	"path/filepath"
	"testing"
	"unsafe"
)

// FuzzParse: formats and media under their caps, slices inside the input, an
// address that is valid or none.
func FuzzParse(f *testing.F) {
	f.Add([]byte("v=0\r\no=- 1 2 IN IP4 h\r\nc=IN IP6 ::1\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 x/8000\r\na=rtcp:5\r\n"))
	f.Add([]byte("v=0\nm=image 1 udptl t38\nm=audio 0 RTP/SAVP 99999 0\na=crypto:1\na=inactive"))
	f.Add([]byte("v=0\rm=\rm= \nm=audio\nc=\nc=IN IP4 1.2.3.4/5/6\na=:\na=rtpmap:0 /\n"))
	f.Fuzz(func(t *testing.T, b []byte) { check(t, b) })
}

func check(t *testing.T, b []byte) {
	t.Helper()
	var s Session
	s.N, s.Media[0].N = 3, 7 // what an earlier description left
	if !Parse(b, &s) {
		return
	}
	if s.N < 0 || s.N > MaxMedia || s.Dropped < 0 || s.Dropped > len(b) {
		t.Fatalf("got %d sections, %d dropped of %q", s.N, s.Dropped, b)
	}
	inside(t, b, s.ID)
	inside(t, b, s.Version)
	inside(t, b, s.Origin)
	for i := range s.Media[:s.N] {
		m := &s.Media[i]
		if m.N < 0 || m.N > MaxFormats || m.Kind == 0 || m.Direction == 0 || m.Ptime < 0 {
			t.Fatalf("got section %+v of %q", m, b)
		}
		for _, f := range m.Formats[:m.N] {
			if own := static(f.PayloadType); string(own.Codec) != string(f.Codec) {
				inside(t, b, f.Codec)
			}
			if f.PayloadType > 127 || f.ClockRate < 0 {
				t.Fatalf("got format %+v of %q", f, b)
			}
		}
	}
}

// inside: part is empty or a piece of whole.
func inside(t *testing.T, whole, part []byte) {
	t.Helper()
	if len(part) == 0 {
		return
	}
	start := uintptr(unsafe.Pointer(unsafe.SliceData(whole)))
	p := uintptr(unsafe.Pointer(unsafe.SliceData(part)))
	if p < start || p+uintptr(len(part)) > start+uintptr(len(whole)) {
		t.Fatalf("%q does not lie in %q", part, whole)
	}
}

func FuzzInBody(f *testing.F) {
	f.Add([]byte("multipart/mixed;boundary=x"), []byte("--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--"))
	f.Add([]byte("multipart/mixed"), []byte("--\r\n\r\n--"))
	f.Add([]byte(""), []byte("v=0"))
	f.Fuzz(func(t *testing.T, contentType, body []byte) {
		got, ok := InBody(contentType, body)
		if !ok {
			return
		}
		inside(t, body, got)
		check(t, got)
	})
}

// TestSeeds: the description seeds and crash inputs of other projects.
func TestSeeds(t *testing.T) {
	n := 0
	err := filepath.WalkDir(filepath.Join(corpus(t), "messages"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var s Session
		if Parse(b, &s) {
			n++
		}
		check(t, b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 20 {
		t.Errorf("%d seeds were descriptions, want 20 at least", n)
	}
}

// corpus returns the folder of captures and messages that lies beside the
// repository, or skips: a user has none, CI must.
func corpus(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		p := filepath.Join(dir, "shared", "corpus")
		if st, err := os.Stat(p); err == nil && st.IsDir() {
			return p
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("no folder shared/corpus beside or above the repository: in CI it must be there")
	}
	tb.Skip("no folder shared/corpus beside or above the repository")
	return ""
}
