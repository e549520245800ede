package trial

import (
	"testing"
	"time"
)

// TestAnswersMakeQuiet: an office with a new customer in Cuba wakes somebody again
// and again, until somebody says that this is normal here.
func TestAnswersMakeQuiet(t *testing.T) {
	s := Site{Profile: "office", Seed: 5049, Full: true, Length: 30 * 24 * time.Hour}
	alone, _, _, err := s.Quiet()
	if err != nil {
		t.Fatal(err)
	}
	s.Answers = true
	answered, _, _, err := s.Quiet()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d pages, %d when they are answered", alone.Pages, answered.Pages)
	if alone.Pages == 0 || answered.Pages == 0 || answered.Pages >= alone.Pages {
		t.Errorf("got %d pages, and %d when they are answered; want some, and fewer then", alone.Pages, answered.Pages)
	}
}
