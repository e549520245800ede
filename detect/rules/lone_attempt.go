package rules

// loneMost is the level "watch": seen on the screen, wakes nobody.
const loneMost = 55

// loneAttempt: one attempt that nobody answered is no fraud yet.
//
//   - Looks for: misdialling. 00 for 0, +1 345 typed for a local number.
//   - Formula: takes away what is above 55 while the call is the only one to a
//     watched class in ten minutes and has not been answered; not of a call that
//     is the way on of another, to a class with points: nobody misdialled it.
//   - Default: 55. Two signals are needed to wake somebody.
//   - Memory: none of its own.
//   - Misses: nothing; the second call, or the answer, lifts it.
func loneAttempt(in *Inputs, sum float64) float64 {
	if !in.LoneAttempt || in.Answered || sum <= loneMost || passedOn(in) && Risky(in.Class) {
		return 0
	}
	return loneMost - sum
}

func loneAttemptText(*Inputs) string { return "a single attempt, not answered" }
