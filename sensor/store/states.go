package store

import "sync"

// states are what was saved since the last commit, by name. They have a lock of their
// own: whoever saves is the capture loop, which must not wait for a disk at work.
type states struct {
	mu      sync.Mutex
	waiting map[string][]byte // nil: the store is read-only, or closed
}

// SaveState keeps what a part has learned, under its name, with the next commit. It
// never waits for the disk; the bytes are the store's from now on.
func (s *Store) SaveState(name string, data []byte) error {
	s.states.mu.Lock()
	defer s.states.mu.Unlock()
	if s.states.waiting == nil {
		return errReadOnly
	}
	s.states.waiting[name] = data
	return nil
}

// take is all that waits.
func (s *states) take() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.waiting
	if taken != nil {
		s.waiting = map[string][]byte{}
	}
	return taken
}

// giveBack lets what was taken wait again, but for what was saved anew meanwhile.
func (s *states) giveBack(taken map[string][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, data := range taken {
		if _, newer := s.waiting[name]; !newer && s.waiting != nil {
			s.waiting[name] = data
		}
	}
}

func (s *states) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = nil
}

// putStates puts them into the transaction of calls.db.
func (s *Store) putStates(all map[string][]byte) error {
	for name, data := range all {
		if err := s.put(s.calls, "state", "INSERT OR REPLACE INTO state (name, data) VALUES (?, ?)", name, data); err != nil {
			return err
		}
	}
	return nil
}
