package sensortest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/record"
)

// agentSays is a HEP 3 packet: what a capture agent reports of one message
// between two telephones of its site.
func agentSays(message string, back bool, key string) []byte {
	caller, callee := []byte{192, 168, 1, 20}, []byte{192, 168, 1, 10}
	if back {
		caller, callee = callee, caller
	}
	port := []byte{5060 >> 8, 5060 & 255}
	body := []byte{}
	for _, c := range []struct {
		kind byte
		data []byte
	}{{1, []byte{2}}, {2, []byte{17}}, {3, caller}, {4, callee}, {7, port}, {8, port}, {11, []byte{1}}, {14, []byte(key)}, {15, []byte(message)}} {
		body = append(body, 0, 0, 0, c.kind)
		body = append(binary.BigEndian.AppendUint16(body, uint16(6+len(c.data))), c.data...)
	}
	return append(binary.BigEndian.AppendUint16([]byte("HEP3"), uint16(6+len(body))), body...)
}

// shortCall is a call as its messages, and which way each went.
func shortCall(id string) (messages []string, back []bool) {
	message := func(start, to, cseq string, answer bool) {
		messages = append(messages, start+"\r\nVia: SIP/2.0/UDP 192.168.1.20;branch=z9hG4bK"+cseq[:1]+"\r\nFrom: <sip:201@site.example>;tag=a\r\n"+
			"To: <sip:0612345678@site.example>"+to+"\r\nCall-ID: "+id+"\r\nCSeq: "+cseq+"\r\nContent-Length: 0\r\n\r\n")
		back = append(back, answer)
	}
	const to = ";tag=b"
	message("INVITE sip:0612345678@site.example SIP/2.0", "", "1 INVITE", false)
	message("SIP/2.0 180 Ringing", to, "1 INVITE", true)
	message("SIP/2.0 200 OK", to, "1 INVITE", true)
	message("ACK sip:0612345678@site.example SIP/2.0", to, "1 ACK", false)
	message("BYE sip:0612345678@site.example SIP/2.0", to, "2 BYE", false)
	message("SIP/2.0 200 OK", to, "2 BYE", true)
	return messages, back
}

// TestCaptureAgents: a sensor without any interface, a real capture agent's
// packets over UDP and TCP, and one call that somebody without the key made up.
func TestCaptureAgents(t *testing.T) {
	dir := t.TempDir()
	sensor := livetest.Tollwatch(t)
	listen, web := freePort(t), freePort(t)
	file, keyFile := filepath.Join(dir, "tollwatch.toml"), filepath.Join(dir, "key")
	configuration := fmt.Sprintf("[capture]\ninterfaces = []\n[hep]\nlisten = %q\nkey_file = %q\n[store]\ndir = %q\n[http]\nlisten = %q\n",
		listen, keyFile, filepath.Join(dir, "store"), web)
	for name, text := range map[string]string{file: configuration, keyFile: "sesame\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stop := start(t, sensor, "run", "--config", file)
	await(t, "the sensor to be ready", func() bool { return get("http://"+web+"/readyz") == "ok\n" })
	for _, c := range []struct{ network, id, key string }{{"udp", "by-udp", "sesame"}, {"tcp", "by-tcp", "sesame"}, {"udp", "made-up", "guess"}} {
		conn, err := net.Dial(c.network, listen)
		if err != nil {
			t.Fatal(err)
		}
		messages, back := shortCall(c.id)
		for i := range messages {
			if _, err := conn.Write(agentSays(messages[i], back[i], c.key)); err != nil {
				t.Fatal(err)
			}
		}
		conn.Close()
	}
	await(t, "two calls in the store", func() bool { return len(stored(sensor, file)) == 2 })
	stop()
	for id, c := range stored(sensor, file) {
		if c.Source != "hep" || c.State != "answered" || c.EndBy != "caller" || c.Src != "192.168.1.20:5060" || id == "made-up" {
			t.Errorf("call %s: got %s, %s, ended by %s, from %s; want hep, answered, caller, 192.168.1.20:5060", id, c.Source, c.State, c.EndBy, c.Src)
		}
	}
}

// stored is what the sensor's own command prints of the store, by Call-ID.
func stored(sensor, file string) map[string]*record.Call {
	out, err := exec.Command(sensor, "calls", "--json", "--config", file).Output()
	if err != nil {
		return nil
	}
	calls := map[string]*record.Call{}
	for line := range strings.Lines(string(out)) {
		var c record.Call
		if json.Unmarshal([]byte(line), &c) == nil {
			calls[c.CallID] = &c
		}
	}
	return calls
}

// freePort is a loopback address that nobody uses now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
