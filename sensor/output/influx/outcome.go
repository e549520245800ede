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

// judge reads an answer; lines is how many the batch has. Whether an error of the
// server is the fault of the batch only the fate of others can tell (poison.go).
func judge(err error, lines int) Outcome {
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
	for _, word := range [...]string{"dropped=", "dropped "} { // of InfluxDB 1, of 2
		if _, after, ok := strings.Cut(answer.Message, word); ok {
			fmt.Sscanf(after, "%d", &n)
		}
	}
	return min(max(1, n), lines)
}

// spoke says that a server answered, whatever it said.
func spoke(err error) bool {
	var answer *client.Error
	var odd *oddAnswer
	return err == nil || errors.As(err, &answer) && answer.StatusCode > 0 || errors.As(err, &odd)
}

// statusOf is what the server answered; 0 if it did not.
func statusOf(err error) int {
	var answer *client.Error
	if errors.As(err, &answer) {
		return answer.StatusCode
	}
	return 0
}

// failed says that the server answered 500, which may be the fault of the batch:
// some do so to a body that they will never read.
func failed(err error) bool {
	var answer *client.Error
	return errors.As(err, &answer) && answer.StatusCode == http.StatusInternalServerError && misplacedBy(answer) < 0
}

// retryAfter is how long the server asks to wait; 0 when it does not. A date is one
// of its own clock.
func retryAfter(err error, now time.Time) time.Duration {
	var answer *client.Error
	if !errors.As(err, &answer) || answer.Header == nil {
		return 0
	}
	if answer.RetryAfter > 0 {
		return min(time.Duration(min(answer.RetryAfter, 1<<20))*time.Second, maxAsked)
	}
	at, err := http.ParseTime(answer.Header.Get("Retry-After"))
	if err != nil {
		return 0
	}
	if theirs, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		now = theirs
	}
	return min(max(0, at.Sub(now)), maxAsked)
}

// maxAsked bounds a server's Retry-After.
const maxAsked = 10 * time.Minute
