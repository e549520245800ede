package call

// Call is what a person would call one: one or more legs that carry the same
// conversation, in the order in which their first INVITE was seen.
type Call struct {
	ID   ID
	Legs []LegID
}
