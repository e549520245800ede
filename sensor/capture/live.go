package capture

// Any stands for every Ethernet interface that is up, each with a ring of its
// own: promiscuous mode belongs to an interface. The loopback is not one of
// them; who wants it names it.
const Any = "any"

// LiveConfig says what to listen on.
type LiveConfig struct {
	Interfaces []string // names, or Any
	RingBytes  int      // of each interface; rounded up to whole blocks
	// Mode is Auto or the name of a back-end; empty: afpacket.
	Mode string
	// Host is what this machine allows; nil: it is looked at.
	Host *Host
	// Attach runs the function that attaches to an interface that is back, with
	// the rights for it, where the process has laid them aside; nil: it has not.
	Attach func(func())
}

// Tap is a Source that listens on interfaces. One that is removed is an
// *InterfaceError, once; it is looked for by its name every second, and taken up
// again when it is back.
type Tap interface {
	Source
	// Wake lets a Next that waits return ErrIdle at once, or the next one that
	// would wait. Any goroutine may call it, at any time.
	Wake()
	// Backend is how it listens, and why it does not listen better.
	Backend() (Backend, Refusals)
	// Kernel is what counts RTP in its stead; nil: nobody does, Next gives all.
	Kernel() *Kernel
}

// DefaultLiveConfig listens everywhere. 16 MiB hold 300 ms of a saturated
// gigabit line, and two seconds of 500 calls.
func DefaultLiveConfig() LiveConfig {
	return LiveConfig{Interfaces: []string{Any}, RingBytes: 16 << 20}
}

// InterfaceError is a fault of an interface, when it is opened or later.
type InterfaceError struct {
	Name   string
	Reason string // what is wrong, lower case
	Hint   string // what the operator can do; may be empty
	Left   int    // interfaces that Next goes on with
	Err    error  // what the system said; may be nil
}

// Error is one line.
func (e *InterfaceError) Error() string {
	s := "capture on " + e.Name + ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Unwrap gives errors.Is the system's word.
func (e *InterfaceError) Unwrap() error { return e.Err }
