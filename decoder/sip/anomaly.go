package sip

import "strings"

// Anomaly is a set of deviations from RFC 3261, one bit each. Scanners and
// home-made diallers are sloppy: the bits are facts for detection, never a
// reason to drop a message.
type Anomaly uint64

// The deviations. Those marked "Validate" are found by [Validate] only.
const (
	BadVersion       Anomaly = 1 << iota // the version is not SIP/2.0 (§7.1)
	BadStartLine                         // blanks too many or too few in the start line (§7.1, §7.2)
	BadStatus                            // a status outside 100 to 699 (§7.2)
	BadURI                               // white space or <> in the Request-URI, blanks inside <>, headers in a bare URI; Validate: no scheme, host or port to be read, IPv6 without brackets, headers in the Request-URI
	OddMethod                            // a known method in lower or mixed case (§7.1: methods are case-sensitive)
	LeadingCRLF                          // empty lines before the start line (§7.5)
	BareLF                               // a line ends with LF alone (§7)
	Folded                               // a header value goes on in the next line (§7.3.1, deprecated)
	NoEmptyLine                          // the headers end with the buffer (§7)
	Cut                                  // longer than MaxMessage: the rest was not looked at
	BadHeaderLine                        // a line without colon or name
	MissingHeader                        // no From, To, Call-ID, CSeq or Via (§8.1.1)
	DuplicateHeader                      // a header that must be single comes again; the first counts (§7.3.1)
	MultiValue                           // a list where one value belongs; the first counts
	BadCSeq                              // no number below 2^31 and method (§8.1.1.5)
	MethodMismatch                       // CSeq names another method than the request line (§8.1.1.5)
	BadContentLength                     // no number (§20.14)
	ShortBody                            // fewer bytes than Content-Length says (§18.3)
	SurplusBytes                         // more bytes than Content-Length says; they are no part of the body (§18.3)
	BadExpires                           // no number below 2^32 (§20.19)
	BadDate                              // a Date that is not in GMT (§20.17)
	NoFromTag                            // From without tag, as before RFC 3261 (§8.1.1.3)
	QuotedSpoof                          // a quoted display name that holds < or ; : it imitates a URI or a tag
	UnbalancedQuote                      // a quoted string does not end (§25.1)
	BareDisplayName                      // a display name that needs quotes has none (§25.1)
	BadAddress                           // no URI, or a < without >, where an address belongs (§20.10)
	EmptyParameter                       // ;; or a list element of nothing
	ControlCharacter                     // Validate: a control character among the headers
	ParserDisagree                       // the second, full parser read a header otherwise, or lost it; set by who compares
)

var anomalyNames = [...]string{"bad_version", "bad_start_line", "bad_status", "bad_uri", "odd_method", "leading_crlf",
	"bare_lf", "folded", "no_empty_line", "cut", "bad_header_line", "missing_header", "duplicate_header", "multi_value",
	"bad_cseq", "method_mismatch", "bad_content_length", "short_body", "surplus_bytes", "bad_expires", "bad_date",
	"no_from_tag", "quoted_spoof", "unbalanced_quote", "bare_display_name", "bad_address", "empty_parameter",
	"control_character", "parser_disagree"}

// Has says that all bits of b are set.
func (a Anomaly) Has(b Anomaly) bool { return a&b == b }

// String joins the names of the bits with commas.
func (a Anomaly) String() string {
	var names []string
	for i, n := range anomalyNames {
		if a&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ",")
}
