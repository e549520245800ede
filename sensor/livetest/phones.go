package livetest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// scenario is the path of a file for SIPp.
func (h *Host) scenario(name string) string {
	h.net.t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		h.net.t.Fatal(err)
	}
	return path
}

// Answer has SIPp answer calls to an address, and send back the audio that comes.
func (h *Host) Answer(address string) *Process {
	h.net.t.Helper()
	Programs(h.net.t, "sipp")
	return h.start("-sn", "uas", "-rtp_echo", "-i", address, "-mi", address, "-p", "5060")
}

// Registrar has SIPp be the PBX that strangers ask.
func (h *Host) Registrar(address string) *Process {
	h.net.t.Helper()
	Programs(h.net.t, "sipp")
	return h.start("-sf", h.scenario("registrar.xml"), "-i", address, "-p", "5060")
}

func (h *Host) start(args ...string) *Process {
	return h.Start("sipp", append(args, "-nostdin", "-timeout", "60", "-trace_err", "-error_file", os.DevNull)...)
}

// Call has SIPp make calls from one address to a number at another, one a half
// second, with two seconds of audio each.
func (h *Host) Call(from, to, number string, calls int) *Process {
	h.net.t.Helper()
	Programs(h.net.t, "sipp")
	dir := h.net.t.TempDir()
	audio, scenario := filepath.Join(dir, "audio.al"), filepath.Join(dir, "call.xml")
	text, err := os.ReadFile(h.scenario("call.xml"))
	if err != nil {
		h.net.t.Fatal(err)
	}
	const silence = 0xd5 // A-law
	for file, content := range map[string][]byte{
		audio: bytes.Repeat([]byte{silence}, 2*8000), scenario: []byte(strings.ReplaceAll(string(text), "AUDIO", audio)),
	} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			h.net.t.Fatal(err)
		}
	}
	return h.start(to+":5060", "-sf", scenario, "-i", from, "-mi", from, "-p", "5060", "-s", number, "-r", "2", "-m", strconv.Itoa(calls))
}
