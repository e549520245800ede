package numbering

// trie finds the longest known prefix of a row of digits. Node 0 is the root;
// a next of 0 is none. 24 bytes a node.
type trie struct {
	nodes []trieNode
}

type trieNode struct {
	next [10]uint16
	row  uint16 // index of the row, plus one; 0 = none
}

// maxNodes is what the indices of a node can tell apart.
const maxNodes = 1 << 16

// add enters prefix, which is all digits. It returns false when the prefix is
// there already, or the trie is full.
func (t *trie) add(prefix string, row int) bool {
	if len(t.nodes) == 0 {
		t.nodes = append(t.nodes, trieNode{})
	}
	at := 0
	for i := range len(prefix) {
		next := t.nodes[at].next[prefix[i]-'0']
		if next == 0 {
			if len(t.nodes) >= maxNodes {
				return false
			}
			next = uint16(len(t.nodes))
			t.nodes = append(t.nodes, trieNode{})
			t.nodes[at].next[prefix[i]-'0'] = next
		}
		at = int(next)
	}
	if t.nodes[at].row != 0 || row+1 >= maxNodes {
		return false
	}
	t.nodes[at].row = uint16(row + 1)
	return true
}

// at returns the row of exactly this prefix, or -1.
func (t *trie) at(prefix string) int {
	if len(t.nodes) == 0 {
		return -1
	}
	at := uint16(0)
	for i := range len(prefix) {
		if at = t.nodes[at].next[prefix[i]-'0']; at == 0 {
			return -1
		}
	}
	return int(t.nodes[at].row) - 1
}

// longest returns the row of the longest prefix of digits, or -1.
func (t *trie) longest(digits []byte) int {
	if len(t.nodes) == 0 {
		return -1
	}
	at, row := uint16(0), uint16(0)
	for _, c := range digits {
		if at = t.nodes[at].next[c-'0']; at == 0 {
			break
		}
		if r := t.nodes[at].row; r != 0 {
			row = r
		}
	}
	return int(row) - 1
}
