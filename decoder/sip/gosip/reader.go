package gosip

import (
	"errors"
	"strings"

	"github.com/ghettovoice/gosip/sip"
	"github.com/ghettovoice/gosip/sip/parser"
)

// MaxMessage is the longest message that is read, in bytes: what gosip does
// with 60 kB of hostile headers takes milliseconds.
const MaxMessage = 8192

// The ways in which a message is not read. They carry no text of the message,
// which belongs to the sender.
var (
	ErrTooLong  = errors.New("message longer than the second parser is given")
	ErrRefused  = errors.New("second parser refuses the message")
	ErrPanicked = errors.New("second parser panicked")
)

// Facts is what gosip understood of a message. Strings are copies. Users have
// their escapes undone.
type Facts struct {
	Request    bool
	Method     string // upper case, whatever was sent
	Status     int    // 0 in a request
	RequestURI string
	CallID     string
	FromTag    string
	ToTag      string
	FromUser   string
	ToUser     string
	Branch     string // of the topmost Via
	CSeq       uint32
	CSeqMethod string
	Headers    []Header // in the order of their first appearance by name, at most 64
}

// Has says that gosip kept a header of the name.
func (f *Facts) Has(name string) bool {
	for i := range f.Headers {
		if strings.EqualFold(f.Headers[i].Name, name) {
			return true
		}
	}
	return false
}

// Reader reads messages one after the other. It is not for concurrent use.
type Reader struct {
	parser *parser.PacketParser
	log    *counter
}

// New returns a reader.
func New() *Reader {
	log := &counter{}
	return &Reader{parser: parser.NewPacketParser(log), log: log}
}

// Dropped counts the headers that gosip could not read and left out of the
// messages it returned.
func (r *Reader) Dropped() uint64 { return r.log.warnings }

// Parse reads one message. The error is one of this package's.
func (r *Reader) Parse(b []byte) (f Facts, err error) {
	defer func() {
		if recover() != nil {
			f, err = Facts{}, ErrPanicked
		}
	}()
	m, err := r.read(b)
	if err != nil {
		return Facts{}, err
	}
	return factsOf(m), nil
}

// Check is Parse without the facts: what gosip alone costs.
func (r *Reader) Check(b []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrPanicked
		}
	}()
	_, err = r.read(b)
	return err
}

func (r *Reader) read(b []byte) (sip.Message, error) {
	if len(b) > MaxMessage {
		return nil, ErrTooLong
	}
	m, err := r.parser.ParseMessage(b)
	if err != nil || m == nil {
		return nil, ErrRefused
	}
	return m, nil
}

func factsOf(m sip.Message) Facts {
	var f Facts
	switch m := m.(type) {
	case sip.Request:
		f.Request, f.Method = true, string(m.Method())
		if u := m.Recipient(); u != nil {
			u.SetPassword(nil)
			f.RequestURI = u.String()
		}
	case sip.Response:
		f.Status = int(m.StatusCode())
	}
	if id, ok := m.CallID(); ok {
		f.CallID = id.Value()
	}
	if h, ok := m.From(); ok {
		f.FromUser, f.FromTag = user(h.Address), param(h.Params, "tag")
	}
	if h, ok := m.To(); ok {
		f.ToUser, f.ToTag = user(h.Address), param(h.Params, "tag")
	}
	if hop, ok := m.ViaHop(); ok {
		f.Branch = param(hop.Params, "branch")
	}
	if c, ok := m.CSeq(); ok {
		f.CSeq, f.CSeqMethod = c.SeqNo, string(c.MethodName)
	}
	f.Headers = tree(m.Headers())
	return f
}

func user(u sip.Uri) string {
	if u == nil {
		return ""
	}
	return text(u.User())
}

func param(p sip.Params, name string) string {
	if p == nil {
		return ""
	}
	v, _ := p.Get(name)
	return text(v)
}
