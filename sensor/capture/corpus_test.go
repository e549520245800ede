package capture

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"
)

// corpus finds the shared captures beside or above the repository.
func corpus(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		for _, p := range []string{"shared/corpus", "../shared/corpus"} {
			if found := filepath.Join(dir, p); isDir(found) {
				return found
			}
		}
		if dir == filepath.Dir(dir) {
			unavailable(t, "no shared/corpus beside the repository")
		}
	}
}

func isDir(path string) bool {
	i, err := os.Stat(path)
	return err == nil && i.IsDir()
}

// unavailable skips a test, or fails it where nothing may be missing.
func unavailable(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func TestCorpusFramesEqualPcapgo(t *testing.T) {
	dir := corpus(t)
	names, err := filepath.Glob(filepath.Join(dir, "captures", "*"))
	if err != nil || len(names) < 100 {
		t.Fatalf("got %d captures (%v), want at least 100", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { compareWithPcapgo(t, dir, name) })
	}
}

func compareWithPcapgo(t *testing.T, dir, name string) {
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readAll(openBytes(t, raw))
	want := packets(t, dir, name)
	if len(got) != want {
		t.Errorf("got %d frames (%v), want %d as the truth says", len(got), err, want)
	}
	if (err != nil) != (filepath.Base(name) == "pkts-cool-broken.pcap") {
		t.Errorf("got error %v", err)
	}
	oracle, err := openPcapgo(raw)
	if err != nil {
		if len(got) > 0 {
			t.Logf("pcapgo cannot read it: %v", err)
		}
		return
	}
	for i := range got {
		data, ci, err := oracle.ReadPacketData()
		if err != nil {
			t.Logf("pcapgo stops at frame %d: %v", i+1, err)
			return
		}
		if !bytes.Equal(got[i].Data, data) || !got[i].Time.Equal(ci.Timestamp) || got[i].WireLength != ci.Length {
			t.Fatalf("frame %d: got %d bytes of %d at %v, want %d of %d at %v", i+1, len(got[i].Data), got[i].WireLength,
				got[i].Time, len(data), ci.Length, ci.Timestamp)
		}
	}
}

// packets is the number of frames in the truth of a capture.
func packets(t *testing.T, dir, name string) int {
	t.Helper()
	slug := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	b, err := os.ReadFile(filepath.Join(dir, "truth", slug+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct{ Packets int }
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	return truth.Packets
}

func openPcapgo(raw []byte) (gopacket.PacketDataSource, error) {
	if bytes.HasPrefix(raw, []byte{0x0a, 0x0d, 0x0d, 0x0a}) {
		return pcapgo.NewNgReader(bytes.NewReader(raw), pcapgo.NgReaderOptions{WantMixedLinkType: true})
	}
	return pcapgo.NewReader(bytes.NewReader(raw))
}

// openBytes is the source over one file held in memory.
func openBytes(t testing.TB, raw []byte) Source {
	t.Helper()
	s, err := OpenFiles([]string{"-"}, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readAll keeps every frame up to the end or the first fault.
func readAll(s Source) ([]Frame, error) {
	var out []Frame
	for {
		var f Frame
		err := s.Next(&f)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		f.Data = bytes.Clone(f.Data)
		out = append(out, f)
	}
}
