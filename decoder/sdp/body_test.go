package sdp

import "testing"

func TestInBody(t *testing.T) {
	const description = "v=0\r\nm=audio 4000 RTP/AVP 0\r\n"
	mixed := "preamble\r\n--x1\r\nContent-Type: application/rs-metadata+xml\r\n\r\n<xml/>\r\n--x1\r\nContent-Disposition: session\r\nC: Application/SDP\r\n\r\n" +
		description + "--x1--\r\n"
	nested := "--out\r\nContent-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\r\nv=1 is text\r\n--in\r\nContent-Type: application/sdp\r\n\r\n" +
		description + "--in--\r\n--out--\r\n"
	for _, c := range []struct{ name, contentType, body, want string }{
		{"alone", "application/sdp", description, description},
		{"in any case, with a parameter", " Application/SDP ;charset=utf-8", description, description},
		{"without a type", "", description, description},
		{"without a type, text", "", "hello", ""},
		{"another type", "text/plain", description, ""},
		{"empty", "application/sdp", "", ""},
		{"second of two parts", "multipart/mixed;boundary=x1", mixed, description},
		{"boundary in quotes, spaced", `multipart/related; type="x"; Boundary = "x1"`, mixed, description},
		{"boundary not said", "multipart/mixed", mixed[len("preamble\r\n"):], description},
		{"wrong boundary", "multipart/mixed;boundary=y", mixed, ""},
		{"parts within parts", "multipart/mixed;boundary=out", nested, description},
		{"a part without type", "multipart/mixed;boundary=x", "--x\r\n\r\n" + description + "--x--", description},
		{"line feeds alone", "multipart/mixed;boundary=x", "--x\nContent-Type: application/sdp\n\nv=0\n--x--\n", "v=0\n"},
		{"cut before its end", "multipart/mixed;boundary=x", "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=au", "v=0\r\nm=au"},
		{"the boundary within a line is none", "multipart/mixed;boundary=x", "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns=a--x\r\n--x--", "v=0\r\ns=a--x\r\n"},
		{"no parts at all", "multipart/mixed;boundary=x", "", ""},
	} {
		got, ok := InBody([]byte(c.contentType), []byte(c.body))
		if !ok {
			got = nil
		}
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q %v, want %q", c.name, got, ok, c.want)
		}
	}
}

// TestManyParts: the search gives up after maxParts.
func TestManyParts(t *testing.T) {
	part := "--x\r\nContent-Type: text/plain\r\n\r\n\r\n"
	body := ""
	for range maxParts {
		body += part
	}
	body += "--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--"
	if got, ok := InBody([]byte("multipart/mixed;boundary=x"), []byte(body)); ok {
		t.Errorf("got %q behind %d parts, want nothing", got, maxParts)
	}
	if _, ok := InBody([]byte("multipart/mixed;boundary=x"), []byte(body[len(part):])); !ok {
		t.Errorf("got nothing in part %d, want the description", maxParts)
	}
}
