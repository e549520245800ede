package numbering

// Number is what was made of a dialled string. Its strings may be kept.
type Number struct {
	E164    string // "+13455550123"; empty for short codes, internal and unparsed numbers
	Country string // ISO 3166-1 alpha-2; "001" belongs to no country; empty when not known
	Class   Class
	Kind    Kind    // 0 when no row of the table matched
	Prefix  string  // the row of the table that matched, "1345" or "FR:36"; empty when none
	Rate    float64 // EUR a minute
	Billing Billing // of the customer's price list; of other prices it is not known, and zero
	Tariff  Tariff  // where Rate is from; 0 is taken for an estimate
	Outside string  // the outside-line prefix that was stripped, "0", "9" …; empty when none
	Reading string  // how it was read, one of the Read words
	Forward bool    // not a call: the code that sets a call forward to this number
}

// The words of [Number.Reading].
const (
	ReadE164          = "e164"          // written with +
	ReadInternational = "international" // behind the home country's international prefix
	ReadNational      = "national"      // as dialled inside the home country
	ReadBare          = "bare"          // E.164 digits without the +
	ReadLocal         = "local"         // without area code, where a country has those
	ReadShort         = "short"
	ReadEmergency     = "emergency"
	ReadInternal      = "internal"  // one to five digits
	ReadName          = "name"      // letters: nothing that the public network knows
	ReadTechnical     = "technical" // an international number behind digits of unknown meaning
	ReadFeature       = "feature"   // a code with * or #
	ReadUnknown       = "unknown"
)

// MayBeExtension says that the number was read as a short code or as an
// emergency number only because no extension of the site is known here: many
// sites number their telephones 3001 to 3099, and 3xxx are short codes in
// France. The costlier reading is taken; whoever knows better may override it.
func (n *Number) MayBeExtension() bool {
	return n.Outside == "" && (n.Reading == ReadShort || n.Reading == ReadEmergency)
}
