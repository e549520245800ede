package rules

import "fmt"

// slowFraud: a day's calls reach too many numbers at places that were never called.
//
//   - Looks for: slow theft whose calls cost little, at the pace and with the
//     talks of people: resold minutes go to ever other numbers.
//   - Formula: at the limit 65, at half of it 2. Answered numbers of all new
//     costly destinations are taken together, over the last 24 hours.
//   - Default: the larger of 15 numbers (office, school), 30 (hotel, call centre,
//     trading) or 60 (ngo) and 1.5 times the most of such a day learned; in
//     the first 14 days 30 (office, school), 60 (hotel), and no limit for call
//     centre, trading and ngo. Once told, twice as many are news.
//   - Memory: 256 numbers, hashed.
//   - Misses: theft to few numbers (see new_spend), and to a country that is
//     called anyway (see burn).
func slowFraud(in *Inputs, _ float64) float64 {
	n := float64(in.NewNumbers)
	switch {
	case !in.NewDestination || in.NewNumbersLimit <= 0 || !Watched(in.Class):
		return 0
	case n >= in.NewNumbersLimit:
		return spendPage
	case n >= in.NewNumbersLimit/2:
		return spendMention
	}
	return 0
}

func slowFraudText(in *Inputs) string {
	return fmt.Sprintf("%d numbers reached in 24 hours at places never called before (limit %.0f)", in.NewNumbers, in.NewNumbersLimit)
}
