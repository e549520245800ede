package gosip

import (
	"strings"

	"github.com/ghettovoice/gosip/sip"
	"github.com/ghettovoice/gosip/sip/parser"
)

// Bounds of a header tree: what a telephone sends fits, what is beyond is left
// out. A message has MaxMessage bytes in any case.
const (
	maxHeaders    = 64
	maxValue      = 512 // bytes of a value or of any text in it
	maxParameters = 16
	maxAddresses  = 8
)

// Header is one header as gosip understood it: its text and, where it bears
// addresses, what they consist of. Passwords and digests are left out: of a
// header with credentials the value is its scheme alone.
type Header struct {
	Name, Value string
	Addresses   []Address // empty for a header that bears none, or none that gosip can read
}

// Address is a name-addr (RFC 3261 §20.10) in its parts.
type Address struct {
	Display    string
	URI        URI
	Parameters []Parameter // of the header, behind the URI
}

// URI is a sip: or sips: URI in its parts (RFC 3261 §19.1.1); for the * of a
// Contact only the scheme is set, to that.
type URI struct {
	Scheme     string
	User       string // escapes undone
	Host       string
	Port       int // 0 when none was given
	Parameters []Parameter
	Headers    []Parameter
}

// Parameter is one of a URI or a header, in the order of the message. One
// without = has an empty value.
type Parameter struct{ Name, Value string }

// addressed are headers that gosip keeps as text though they bear addresses.
var addressed = map[string]bool{
	"p-asserted-identity": true, "p-preferred-identity": true, "remote-party-id": true,
	"diversion": true, "history-info": true, "refer-to": true, "r": true, "referred-by": true, "b": true,
}

// tree turns gosip's own types into headers.
func tree(all []sip.Header) []Header {
	out := make([]Header, 0, min(len(all), maxHeaders))
	for _, h := range all[:min(len(all), maxHeaders)] {
		out = append(out, header(h))
	}
	return out
}

func header(h sip.Header) Header {
	switch h := h.(type) {
	case *sip.FromHeader:
		return named(h, h.DisplayName, h.Address, h.Params)
	case *sip.ToHeader:
		return named(h, h.DisplayName, h.Address, h.Params)
	case *sip.ContactHeader:
		return named(h, h.DisplayName, h.Address, h.Params)
	case *sip.RouteHeader:
		return route(h, h.Addresses)
	case *sip.RecordRouteHeader:
		return route(h, h.Addresses)
	case *sip.GenericHeader:
		return generic(h)
	}
	return Header{Name: clip(h.Name()), Value: clip(h.Value())}
}

// named is a header of one address. Its password goes before its text is made.
func named(h sip.Header, display sip.MaybeString, u sip.Uri, params sip.Params) Header {
	a := address(display, u, params)
	return Header{Name: h.Name(), Value: clip(h.Value()), Addresses: []Address{a}}
}

// route is a header of URIs in brackets, which gosip keeps without parameters.
func route(h sip.Header, uris []sip.Uri) Header {
	var out []Address
	for _, u := range uris[:min(len(uris), maxAddresses)] {
		out = append(out, address(nil, u, nil))
	}
	return Header{Name: h.Name(), Value: clip(h.Value()), Addresses: out}
}

func generic(h *sip.GenericHeader) Header {
	name := strings.ToLower(h.Name())
	if name == "authorization" || name == "proxy-authorization" {
		scheme, _, _ := strings.Cut(h.Contents, " ")
		return Header{Name: h.Name(), Value: clip(scheme)}
	}
	out := Header{Name: clip(h.Name()), Value: clip(h.Contents)}
	if !addressed[name] {
		return out
	}
	displays, uris, params, err := parser.ParseAddressValues(h.Contents)
	if err != nil {
		return out
	}
	for i, u := range uris[:min(len(uris), maxAddresses)] {
		if u != nil && u.Password() != nil {
			out.Value = "" // as it was sent, the password in it
		}
		out.Addresses = append(out.Addresses, address(displays[i], u, params[i]))
	}
	return out
}

func address(display sip.MaybeString, u sip.Uri, params sip.Params) Address {
	a := Address{Display: clip(text(display)), Parameters: parameters(params)}
	if u == nil {
		return a
	}
	if u.IsWildcard() {
		a.URI.Scheme = "*"
		return a
	}
	u.SetPassword(nil)
	a.URI = URI{Scheme: "sip", User: clip(text(u.User())), Host: clip(u.Host()),
		Parameters: parameters(u.UriParams()), Headers: parameters(u.Headers())}
	if u.IsEncrypted() {
		a.URI.Scheme = "sips"
	}
	if p := u.Port(); p != nil {
		a.URI.Port = int(*p)
	}
	return a
}

func parameters(p sip.Params) []Parameter {
	if p == nil {
		return nil
	}
	keys := p.Keys()
	var out []Parameter
	for _, k := range keys[:min(len(keys), maxParameters)] {
		v, _ := p.Get(k)
		out = append(out, Parameter{clip(k), clip(text(v))})
	}
	return out
}

func text(s sip.MaybeString) string {
	if s == nil {
		return ""
	}
	return s.String()
}

// clip shortens a text to what is kept.
func clip(s string) string { return s[:min(len(s), maxValue)] }
