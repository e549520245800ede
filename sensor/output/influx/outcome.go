package influx

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	client "github.com/influxdata/influxdb-client-go/v2/api/http"
)

// Outcome is what an answer means for a batch.
type Outcome uint8

// The four outcomes of any output.
const (
	Done   Outcome = iota + 1
	Retry          // the batch is good, the way or the server is not
	Split          // something in the batch is refused, or it is too long
	Reject         // the server will never take it
)

var outcomeNames = [...]string{"", "done", "retry", "split", "reject"}

func (o Outcome) String() string {
	if int(o) >= len(outcomeNames) {
		return ""
	}
	return outcomeNames[o]
}

// judge reads an answer. lines is how many the batch has, tries how often it
// was sent.
func judge(err error, lines, tries int) Outcome {
	if err == nil {
		return Done
	}
	var answer *client.Error
	if !errors.As(err, &answer) {
		return Retry
	}
	if misplacedBy(answer) >= 0 {
		return Retry // the place is wrong, and none of the points
	}
	refused := Reject
	if lines > 1 {
		refused = Split
	}
	switch answer.StatusCode {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		// InfluxDB 1 says 400, 2 says 422; the other lines are stored, and
		// sending them again would change nothing.
		if strings.Contains(answer.Message, partialWrite) {
			return Reject
		}
		return refused
	case http.StatusRequestEntityTooLarge:
		return refused
	case http.StatusInternalServerError:
		// Some servers answer 500 to a body that they will never read.
		if tries >= maxServerErrors {
			return Reject
		}
	}
	return Retry
}

const partialWrite = "partial write"

// refused is how many lines of a rejected batch were not stored. Of lines that
// it cannot parse, InfluxDB 1 does not tell the number: one at least.
func refused(err error, lines int) int {
	var answer *client.Error
	if !errors.As(err, &answer) || !strings.Contains(answer.Message, partialWrite) {
		return lines
	}
	n := 0
	if _, after, ok := strings.Cut(answer.Message, "dropped="); ok {
		fmt.Sscanf(after, "%d", &n)
	}
	return min(max(1, n), lines)
}

// maxServerErrors is how often one batch may be answered 500.
const maxServerErrors = 5

// retryAfter is how long the server asks to wait; 0 when it does not.
func retryAfter(err error, now time.Time) time.Duration {
	var answer *client.Error
	if !errors.As(err, &answer) || answer.Header == nil {
		return 0
	}
	if answer.RetryAfter > 0 {
		return time.Duration(answer.RetryAfter) * time.Second
	}
	at, err := http.ParseTime(answer.Header.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}
