package rules

import "fmt"

// voicemail: somebody tries the PINs of a mailbox.
//
//   - Looks for: callers from outside who enter groups of keys again and again, or call mailboxes all day.
//   - Formula: 55 for 3 groups of one length in one call, 6 groups of one caller in an hour, or 10 calls of one caller in a day that a mailbox took and that were over within 30 seconds.
//   - Default: a group is 3 to 8 keys, ended by # or *, by 2.5 seconds without a key, or by the call. A mailbox took a call that no telephone answered though one rang, or in which 3 keys were pressed. Callers who withhold their number count together, by calls with keys only. Which keys were pressed is never known.
//   - Memory: at most 1024 callers.
//   - Misses: keys that are heard in the voice only; a PIN that is found at the first try (see hairpin).
func voicemail(s *Signs, _ float64) float64 {
	if Guessing(s.PINs) || s.PINsHour >= 6 || s.MailboxCalls >= 10 {
		return 55
	}
	return 0
}

// Guessing says that so many groups of keys of one length in a call are PINs.
func Guessing(groups int) bool { return groups >= 3 }

func voicemailText(s *Signs) string {
	who := s.Caller
	if who == "" {
		who = "a withheld number"
	}
	switch {
	case Guessing(s.PINs):
		return fmt.Sprintf("%s entered %d groups of keys of one length in a call to %s", who, s.PINs, s.Called)
	case s.PINsHour >= 6:
		return fmt.Sprintf("%s entered %d groups of keys within the hour", who, s.PINsHour)
	}
	return fmt.Sprintf("%d short calls from %s to mailboxes today", s.MailboxCalls, who)
}
