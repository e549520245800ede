package sdp

import "bytes"

// Bounds of the search within a multipart body (RFC 5621): parts looked at on
// one level, and levels.
const (
	maxParts  = 32
	maxLevels = 3
)

// InBody finds the session description in the body of a message: the whole
// body, or the application/sdp part of a multipart body. A body without
// Content-Type is one when it begins with v=0. The result is a piece of body.
func InBody(contentType, body []byte) ([]byte, bool) {
	return inBody(contentType, body, maxLevels)
}

func inBody(contentType, body []byte, levels int) ([]byte, bool) {
	media, params := contentType, []byte(nil)
	if i := bytes.IndexByte(contentType, ';'); i >= 0 {
		media, params = contentType[:i], contentType[i+1:]
	}
	media = bytes.TrimSpace(media)
	switch {
	case len(media) == 0:
		return body, bytes.HasPrefix(skipBlankLines(body), []byte("v=0"))
	case equalFold(media, "application/sdp"):
		return body, len(body) > 0
	case levels > 0 && len(media) > 10 && equalFold(media[:10], "multipart/"):
		return inParts(boundaryOf(params, body), body, levels-1)
	}
	return nil, false
}

// boundaryOf finds the boundary parameter, else what the body itself begins
// with.
func boundaryOf(params, body []byte) []byte {
	for len(params) > 0 {
		p := params
		if i := bytes.IndexByte(params, ';'); i >= 0 {
			p, params = params[:i], params[i+1:]
		} else {
			params = nil
		}
		name, value, ok := bytes.Cut(p, []byte("="))
		if ok && equalFold(bytes.TrimSpace(name), "boundary") {
			return bytes.Trim(bytes.TrimSpace(value), `"`)
		}
	}
	line, _ := nextLine(skipBlankLines(body))
	boundary, ok := bytes.CutPrefix(line, []byte("--"))
	if !ok {
		return nil
	}
	return boundary
}

func inParts(boundary, body []byte, levels int) ([]byte, bool) {
	if len(boundary) == 0 {
		return nil, false
	}
	_, rest, ok := cutPart(body, boundary) // the preamble
	for n := 0; ok && n < maxParts; n++ {
		var part []byte
		part, rest, ok = cutPart(rest, boundary)
		contentType, content := splitPart(part)
		if found, is := inBody(contentType, content, levels); is {
			return found, true
		}
	}
	return nil, false
}

// cutPart returns what stands before the next line that begins with
// --boundary, and what follows that line. When there is none, the part is all
// there is: its end was cut off.
func cutPart(b, boundary []byte) (part, rest []byte, ok bool) {
	for from := 0; ; {
		i := bytes.Index(b[from:], boundary)
		if i < 0 {
			return b, nil, false
		}
		i += from
		from = i + len(boundary)
		start := i - 2
		if start < 0 || b[start] != '-' || b[start+1] != '-' || start > 0 && b[start-1] != '\n' {
			continue
		}
		_, rest = nextLine(b[from:])
		return b[:start], rest, true
	}
}

// splitPart parts the headers of a part from its content, and finds its
// Content-Type.
func splitPart(part []byte) (contentType, content []byte) {
	for len(part) > 0 {
		var line []byte
		line, part = nextLine(part)
		if len(line) == 0 {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if name = bytes.TrimSpace(name); ok && (equalFold(name, "content-type") || equalFold(name, "c")) {
			contentType = value
		}
	}
	return contentType, part
}
