package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"
)

// FuzzFiles: whatever the bytes, frames stay within the limit and inside what
// was read, and reading ends with the end or one typed fault per file.
func FuzzFiles(f *testing.F) {
	frames := story(time.Microsecond)
	f.Add(classic(f, frames, false, false))
	f.Add(classic(f, frames, true, true))
	f.Add(ng(binary.LittleEndian, frames))
	f.Add(ng(binary.BigEndian, frames))
	f.Add(ngOfPcapgo(f, frames))
	f.Add(gzipped(f, classic(f, frames, false, false)))
	f.Add(zstandard(f, ng(binary.LittleEndian, frames)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := openBytes(t, raw)
		var frame Frame
		bytesSeen, frames := 0, 0
		for range 1 << 16 {
			err := s.Next(&frame)
			var fault *FileError
			if err == io.EOF || errors.As(err, &fault) {
				break
			}
			if err != nil {
				t.Fatalf("got %v, want the end or a FileError", err)
			}
			if len(frame.Data) > maxFrame || frame.WireLength < len(frame.Data) {
				t.Fatalf("got %d bytes of %d", len(frame.Data), frame.WireLength)
			}
			if y := frame.Time.Year(); y < 1970 || y > 2262 {
				t.Fatalf("got a frame of the year %d", y)
			}
			frames++
			bytesSeen += len(frame.Data)
		}
		if plain := !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) && !bytes.HasPrefix(raw, []byte{0x28, 0xb5}); plain && bytesSeen > len(raw) {
			t.Fatalf("got %d bytes of frames out of %d", bytesSeen, len(raw))
		}
		if st := s.Stats(); st.Frames != uint64(frames) || st.Bytes != uint64(bytesSeen) {
			t.Fatalf("got stats %+v, want %d frames with %d bytes", st, frames, bytesSeen)
		}
	})
}
