package window

import "testing"

// The vectors of the SipHash-2-4 reference implementation: key 00…0f, input
// the first n of 00 01 02 …
func TestHashVectors(t *testing.T) {
	want := map[int]uint64{
		0: 0x726fdb47dd0e0e31, 1: 0x74f839c593dc67fd, 2: 0x0d6c8009d9a94f5a, 3: 0x85676696d7fb7e2d,
		4: 0xcf2794e0277187b7, 5: 0x18765564cd99a68d, 6: 0xcbc9466e58fee3ce, 7: 0xab0200f58b01d137,
		8: 0x93f5f5799a932462, 15: 0xa129ca6149be45e5,
	}
	var key [16]byte
	input := make([]byte, 64)
	for i := range input {
		input[i] = byte(i)
	}
	copy(key[:], input)
	for n, w := range want {
		if got := Hash(key, input[:n]); got != w {
			t.Errorf("got %#x for %d bytes, want %#x", got, n, w)
		}
		if got := HashString(key, string(input[:n])); got != w {
			t.Errorf("got %#x for a string of %d bytes, want %#x", got, n, w)
		}
	}
	long := string(make([]byte, 100))
	if HashString(key, long) != Hash(key, []byte(long)) {
		t.Error("a long string hashes otherwise than its bytes")
	}
}

func TestHashAllocatesNothing(t *testing.T) {
	key, text := [16]byte{1}, "+13455550123"
	if n := testing.AllocsPerRun(100, func() { HashString(key, text) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func BenchmarkHash(b *testing.B) {
	key := [16]byte{1}
	for b.Loop() {
		HashString(key, "+13455550123")
	}
}
