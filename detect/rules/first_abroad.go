package rules

// firstAbroad: this extension never called abroad.
//
//   - Looks for: a telephone whose user calls at home only, suddenly abroad.
//   - Formula: 8 times the warm-up weight.
//   - Default: 8 points.
//   - Memory: one day number for each of at most 5000 extensions.
//   - Misses: a stolen extension whose user calls abroad; with a view of the
//     trunk alone, all extensions that share one outgoing number.
func firstAbroad(in *Inputs, _ float64) float64 {
	if !in.NewCaller || !in.Class.Foreign() {
		return 0
	}
	return 8 * in.Warmup
}

func firstAbroadText(in *Inputs) string {
	return "extension " + in.Extension + " has never called abroad"
}
