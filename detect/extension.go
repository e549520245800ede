package detect

// maxExtensions bounds the extensions and identities of a site.
const maxExtensions = 5000

// Calls at once of an extension are learned up to firstMany+len(many)-1.
const firstMany = 3

// daysToTeach is how many days must show a number of calls at once before it
// is usual.
const daysToTeach = 3

// extension is one telephone, user or outgoing identity of the site.
type extension struct {
	name   string
	legs   int // running calls
	costly int // running calls to costly destinations

	abroad int32 // the day of its first ordinary call abroad; 0 = never

	all, dear many // calls at once: to anywhere, to costly destinations

	lastNumber string // the last number that did not answer
}

// callsAbroad says that the extension was seen calling abroad, and that the
// quarantine since then is over.
func (x *extension) callsAbroad(day int32) bool {
	return x.abroad > 0 && day-x.abroad >= quarantine
}

// many learns how many calls at once are usual: a number that ordinary calls
// reached on three days, each older than the quarantine.
type many struct {
	days    [8]uint8 // on how many days at least firstMany+i calls were up
	pending [quarantine]uint8
	today   uint8 // the most of the day
	day     int32 // the day of today; pending[i] is day-1-i
}

func (m *many) observe(day int32, n int) {
	m.roll(day)
	m.today = max(m.today, uint8(min(n, 255)))
}

// usual is the learned number, at least floor.
func (m *many) usual(day int32, floor int) int {
	m.roll(day)
	for i := len(m.days) - 1; i >= 0; i-- {
		if m.days[i] >= daysToTeach {
			return max(floor, firstMany+i)
		}
	}
	return floor
}

func (m *many) roll(day int32) {
	if m.day == 0 {
		m.day = day
	}
	for range min(day-m.day, quarantine+1) {
		m.teach(m.pending[quarantine-1])
		copy(m.pending[1:], m.pending[:])
		m.pending[0], m.today = m.today, 0
	}
	m.day = max(m.day, day)
}

func (m *many) teach(n uint8) {
	for i := range m.days {
		if int(n) >= firstMany+i && m.days[i] < 255 {
			m.days[i]++
		}
	}
}

// forget drops what is still in quarantine: an incident was opened.
func (m *many) forget() { m.pending, m.today = [quarantine]uint8{}, 0 }
