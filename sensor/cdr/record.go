package cdr

import (
	"fmt"
	"time"
)

// Direction is seen from the site; 0 is not known.
type Direction uint8

// The directions.
const (
	Outbound Direction = iota + 1
	Inbound
	Internal
)

// Record is one call.
type Record struct {
	Line      int // where its row begins, from 1
	Start     time.Time
	Duration  time.Duration // talked, or billed; 0 when nobody answered
	Answered  bool
	Direction Direction
	Extension string // who called, as written; empty when the row does not say
	Number    string // who was called, as written
	Cost      float64
	Priced    bool // the row has a cost
}

// RowError is a row that cannot be used.
type RowError struct {
	File string
	Line int // from 1
	Text string
}

func (e *RowError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text) }
