package record

// Object is one line of the contract's NDJSON: *Call, *Stream, *Registration,
// *QualityReport, *Alert or *Summary.
type Object interface {
	// Kind is the object's `type`.
	Kind() string
}

// Kind implements Object.
func (c *Call) Kind() string { return c.Type }

// Kind implements Object.
func (s *Stream) Kind() string { return s.Type }

// Kind implements Object.
func (r *Registration) Kind() string { return r.Type }

// Kind implements Object.
func (a *Alert) Kind() string { return a.Type }

// Kind implements Object.
func (s *Summary) Kind() string { return s.Type }
