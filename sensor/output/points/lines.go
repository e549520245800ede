package points

// Call is the line of a call, as the others are of theirs.
func (e *Encoder) Call(c *Call) ([]byte, error) { return e.Encode(c) }

// Stream is the line of a media stream.
func (e *Encoder) Stream(s *Stream) ([]byte, error) { return e.Encode(s) }

// Registration is the line of a change of a binding.
func (e *Encoder) Registration(r *Registration) ([]byte, error) { return e.Encode(r) }

// Traffic is the line of ten seconds.
func (e *Encoder) Traffic(t *Traffic) ([]byte, error) { return e.Encode(t) }

// Alert is the line of a change of an incident.
func (e *Encoder) Alert(a *Alert) ([]byte, error) { return e.Encode(a) }

// Sensor is the line of a heartbeat.
func (e *Encoder) Sensor(s *Sensor) ([]byte, error) { return e.Encode(s) }
