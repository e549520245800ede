package rules

import "fmt"

// The points of newSpend: a mention at half the limit, and enough for a page
// alone at the limit.
const (
	spendMention = 2
	spendPage    = 65
)

// newSpend: a day's calls to places that were never called cost too much.
//
//   - Looks for: slow theft, at the pace and with the talks of people, to
//     countries that are new here. No count of calls tells it from a new
//     customer; its bill does.
//   - Formula: at the limit 65, at half of it 2. All new destinations are
//     taken together, over the last 24 hours; one call counts a third of the
//     limit at most, because a long talk has a limit of its own (see
//     money_timer).
//   - Default: the larger of 15 EUR (office, school), 40 (call centre), 80 (hotel),
//     100 (trading) or 160 (ngo) and twice the dearest such day learned;
//     in the first 14 days, when most places are new, 30, 90 and 160 EUR, and
//     no limit for trading and ngo. Once told, twice as much is news.
//   - Memory: 24 buckets of an hour.
//   - Misses: less than that in a day; theft to a country that is called
//     anyway (see burn); wrong prices.
func newSpend(in *Inputs, _ float64) float64 {
	switch {
	case !in.NewDestination || in.NewLimit <= 0 || !Watched(in.Class):
		return 0
	case in.NewSpent >= in.NewLimit:
		return spendPage
	case in.NewSpent >= in.NewLimit/2:
		return spendMention
	}
	return 0
}

func newSpendText(in *Inputs) string {
	return fmt.Sprintf("%.2f EUR in 24 hours on places never called before (limit %.2f EUR)", in.NewSpent, in.NewLimit)
}
