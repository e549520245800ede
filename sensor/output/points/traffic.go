package points

import "time"

// Traffic is what passed within the last ten seconds, and the day's money so far.
// Its point lies at Time, the end of them.
type Traffic struct {
	Time time.Time

	Calls, CallsPeak, CPSPeak            int
	Attempts, Ended, Answered, Effective uint64
	Rang                                 uint64
	TalkSeconds, PDDSeconds              float64 // sums, of the answered and of those that rang
	ASR, NER, ACD, PDD                   float64 // of the last hour; NaN: of nothing
	UsualCalls                           float64 // NaN: not learned yet
	Registered                           int     // bindings that are in force
	SpentTodayEUR, SpentHourEUR          float64
	UsualDayEUR                          float64 // NaN: not learned yet
}

var trafficTable = table[Traffic]{
	name: "traffic", text: "what passed within ten seconds, and the day's money so far; every ten seconds",
	fields: [][]field[Traffic]{
		count("calls", "calls at once, now", func(t *Traffic) int { return t.Calls }),
		count("calls_peak", "most calls at once within the ten seconds", func(t *Traffic) int { return t.CallsPeak }),
		figure("calls_usual", "", "calls at once that are usual at this hour of the week, their mean", func(t *Traffic) float64 { return t.UsualCalls }),
		count("cps_peak", "most attempts within one second of the ten", func(t *Traffic) int { return t.CPSPeak }),
		count("attempts", "calls that began within the ten seconds", func(t *Traffic) uint64 { return t.Attempts }),
		count("ended", "calls that ended", func(t *Traffic) uint64 { return t.Ended }),
		count("answered", "of those, answered", func(t *Traffic) uint64 { return t.Answered }),
		count("effective", "of those, brought to the one called (docs/kpis.md)", func(t *Traffic) uint64 { return t.Effective }),
		count("rang", "calls that began to ring", func(t *Traffic) uint64 { return t.Rang }),
		figure("talk_seconds", seconds, "sum of answer to end, of the answered", func(t *Traffic) float64 { return t.TalkSeconds }),
		figure("pdd_seconds", seconds, "sum of the post-dial delays, of those that rang", func(t *Traffic) float64 { return t.PDDSeconds }),
		figure("asr", share, "answer-seizure ratio of the last hour (docs/kpis.md)", func(t *Traffic) float64 { return t.ASR }),
		figure("ner", share, "network effectiveness ratio of the last hour", func(t *Traffic) float64 { return t.NER }),
		figure("acd", seconds, "average call duration of the last hour", func(t *Traffic) float64 { return t.ACD }),
		figure("pdd", seconds, "mean post-dial delay of the last hour", func(t *Traffic) float64 { return t.PDD }),
		count("registered", "bindings in force", func(t *Traffic) int { return t.Registered }),
		money("spent_today_eur", euro, "spent since midnight of the site's zone", func(t *Traffic) float64 { return t.SpentTodayEUR }),
		money("spent_hour_eur", euro, "spent on costly calls within the last hour", func(t *Traffic) float64 { return t.SpentHourEUR }),
		money("usual_day_eur", euro, "spent on a usual day", func(t *Traffic) float64 { return t.UsualDayEUR }),
	},
	at:    func(t *Traffic) time.Time { return t.Time },
	about: func(*Traffic) (string, string) { return "", "" },
}
