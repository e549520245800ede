package influx

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"tollwatch/sensor/output/points"
)

// maxAnswer is how much of an error's text is read.
const maxAnswer = 64 << 10

// oddAnswer is what InfluxDB never says: a success that is not 204, or a refusal
// in words that are not its own.
type oddAnswer struct {
	status string
	kind   string // of its content
	text   string // the first words of it, where they are not HTML
}

func (o *oddAnswer) Error() string { return "answered " + o.String() }

func (o *oddAnswer) String() string {
	out := o.status
	if o.kind != "" {
		out += " with " + o.kind
	}
	if o.text != "" {
		out += fmt.Sprintf(" %q", o.text)
	}
	return out
}

// hear reads the body of a refusal and puts it into the form that the client
// reads: it knows that of InfluxDB 2 only, and of 1 and 3 it would pass on no
// word. What a proxy or a portal says is no verdict on points, and an error.
func hear(answer *http.Response) error {
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	answer.Body.Close()
	if err != nil {
		return err
	}
	code, words, own := wordsOf(raw)
	if !own && words == "" {
		words = answer.Header.Get("X-Influxdb-Error")
	}
	if odd := foreign(answer, raw, own); odd != nil {
		return odd
	}
	// The client says nothing of an error without a code.
	body, _ := json.Marshal(map[string]string{"code": cmp.Or(code, answer.Status), "message": tidy(words)}) // strings
	answer.Header.Set("Content-Type", "application/json")
	answer.Body = io.NopCloser(bytes.NewReader(body))
	answer.ContentLength = int64(len(body))
	return nil
}

// wordsOf is what a body says; own tells whether it is in a form of InfluxDB's:
// 2 has code and message, 1 and 3 have error, and 3 lists lines beside it.
func wordsOf(raw []byte) (code, words string, own bool) {
	var body struct {
		Code           any // a word; of others a number
		Message, Error string
		Data           json.RawMessage
	}
	if json.Unmarshal(raw, &body) != nil {
		if isPage(raw) {
			raw = nil
		}
		return "", string(raw), false
	}
	code, _ = body.Code.(string)
	if body.Message != "" {
		return code, body.Message, true
	}
	return code, body.Error + linesOf(body.Data), body.Error != "" || code != ""
}

// linesOf is the reason of the first line that InfluxDB 3 refused, and how many
// they are, in the words of its predecessors.
func linesOf(data json.RawMessage) string {
	type line struct {
		Number int    `json:"line_number"`
		Error  string `json:"error_message"`
	}
	var all []line
	if json.Unmarshal(data, &all) != nil {
		var one line
		if json.Unmarshal(data, &one) != nil || one.Error == "" {
			return ""
		}
		return ": line " + strconv.Itoa(one.Number) + ": " + one.Error
	}
	if len(all) == 0 {
		return ""
	}
	return fmt.Sprintf(": line %d: %s dropped=%d", all[0].Number, all[0].Error, len(all))
}

// foreign is the answer of somebody else, if it is one. A page of HTML is, unless
// it only says that the server behind is away, or that the body was too long;
// and so is a refusal of points that nobody signed.
func foreign(answer *http.Response, raw []byte, own bool) error {
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	html := kind == "text/html" || isPage(raw)
	signed := own || answer.Header.Get("X-Influxdb-Version") != "" || answer.Header.Get("X-Server-Hostname") != "" // VictoriaMetrics
	switch s := answer.StatusCode; {
	case html && s == http.StatusNotImplemented: // a web server, of POST
		return &oddAnswer{status: answer.Status, kind: kind}
	case s == http.StatusRequestEntityTooLarge || s == http.StatusTooManyRequests || s >= 500:
		return nil
	case html:
		return &oddAnswer{status: answer.Status, kind: kind}
	case !signed && (s == http.StatusBadRequest || s == http.StatusUnprocessableEntity):
		return &oddAnswer{answer.Status, kind, first(string(raw))}
	}
	return nil
}

func isPage(raw []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<")) }

// first is the beginning of a text.
func first(s string) string { return points.Clean(tidy(s), 80) }

// tidy leaves one space between words, and nothing that is none.
func tidy(s string) string { return strings.Join(strings.Fields(points.Clean(s, maxAnswer)), " ") }
