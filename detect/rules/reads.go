package rules

// Reads names the fields of Inputs or of Signs that a rule looks at.
func Reads(id string) []string { return reads[id] }

// reads is written by TestReads.
var reads = map[string][]string{
	"class":                 {"Class", "Country", "Number", "Rate", "Warmup"},
	"novelty":               {"Class", "Country", "Warmup", "Watched", "NewDestination", "EarlyDestination", "LearnedNew", "PriorNew", "Exposure"},
	"first_abroad":          {"Class", "Extension", "Warmup", "NewCaller"},
	"rate":                  {"Class", "Country", "NewDestination", "Calls10", "Calls2", "LearnedG", "NewCalls10", "NewCalls2", "LearnedNew", "PriorRate", "PriorNew", "Exposure", "ExtensionLegs"},
	"concurrency_extension": {"Class", "Extension", "Rate", "Phones", "NewDestination", "ExtensionLegs", "ExtensionUsual", "ExtensionCostly", "ExtensionCostlyUsual"},
	"concurrency_trunk":     {"Class", "Rate", "Phones", "ExtensionLegs", "ExtensionCostly", "TrunkCostly", "TrunkCostlyUsual"},
	"burn":                  {"Class", "Rate", "SpentHour", "BudgetHour", "Cost"},
	"money_timer":           {"Class", "Answered", "Minutes", "NewDestination", "LearnedNew", "PriorNew", "Exposure", "Cost", "CostNotice", "CostLimit"},
	"new_spend":             {"Class", "NewDestination", "NewSpent", "NewLimit"},
	"slow_fraud":            {"Class", "NewDestination", "NewNumbers", "NewNumbersLimit"},
	"off_hours":             {"Class", "Warmup", "WeekHour", "Closed", "OffHours", "WeekShare"},
	"short_calls":           {"Class", "Country", "NewDestination", "ShortOfLast5", "ShortIn10", "Durations", "DurationSpread", "Intervals", "IntervalsSpread"},
	"hairpin":               {"Class", "Hairpin", "HairpinFrom", "HairpinKeys", "Guessed", "Customary"},
	"forwarding":            {"Class", "Number", "Forwarded", "Customary"},
	"transfer":              {"Class", "Number", "Transferred", "Customary"},
	"call_back":             {"Number", "BaitAge"},
	"hijacked":              {"Class", "Extension", "NewDestination", "Hijack"},
	"origination":           {"Class", "Number", "NoTelephone", "StrangeNumber"},
	"lone_attempt":          {"Class", "Answered", "LoneAttempt", "Hairpin", "Forwarded", "Transferred", "Customary"},
	"spend_cap":             {"CapPeriod", "CapClass", "CapUsed", "Cap"},
	"breach":                {"Source", "Extension", "Failures", "Accepted", "IsScanner"},
	"brute_force":           {"Source", "Extension", "Guesses", "GuessSources"},
	"enumeration":           {"Source", "Users", "Scanner", "Leak"},
	"scan":                  {"Source", "Requests", "Users", "Scanner"},
	"flood":                 {"Source", "Knocks"},
	"probing":               {"Source", "Extension", "Number", "Prefixes", "Inside", "Served"},
	"open_relay":            {"Source", "Number", "Relayed"},
	"voicemail":             {"Caller", "Called", "PINs", "PINsHour", "MailboxCalls"},
	"forward_code":          {"Extension", "ForwardTo", "Country", "Class"},
	"wangiri":               {"Caller", "OneRing"},
	"pumping":               {"Called", "EvenCalls", "EvenCallers", "EvenSpread", "Minutes", "MinutesUsual"},
	"media_only":            {"Talks", "TalksUsual", "TalksLearned", "OffHours", "Unread"},
	"registration":          {"Source", "Extension", "NewAgent", "NewNetwork", "Public", "OnlyHouse", "Roams", "Beside", "AtNight", "Moved", "Registered"},
	"trunk_binding":         {"Account", "Contact", "PrivateContact"},
	"trunk_state":           {"Trunk", "Account", "Refused", "RefusedCallers", "RefusedUsual", "RefusedStatus", "LoginsRefused"},
}
