package mask

import "bytes"

// AppendSentence appends a text for a person. Where its numbers, addresses and extensions
// are hashed, each has the hash that its own field has; where nothing may leave,
// an ellipsis stands for it. own is the extension that the text is about.
func (m *Masker) AppendSentence(dst, text, own []byte) ([]byte, bool) {
	switch m.mode {
	case Full:
		return append(dst, text...), true
	case HideLast4:
		start := len(dst)
		dst = append(dst, text...)
		hideNumbers(dst[start:])
		return dst, true
	}
	var before []byte
	for len(text) > 0 {
		word, space, rest := nextWord(text)
		head, core, tail := trimWord(word)
		dst = append(dst, head...)
		dst = m.word(dst, core, named(before) || len(own) > 0 && bytes.Equal(core, own))
		dst = append(append(dst, tail...), space...)
		before, text = core, rest
	}
	return dst, true
}

// word appends one word of a sentence; name: it is an extension or an account.
func (m *Masker) word(dst, word []byte, name bool) []byte {
	switch {
	case len(word) == 0:
		return dst
	case m.mode == None && (name || isAddress(word) || bytes.IndexByte(word, '@') >= 0 || hasNumber(word)):
		return append(dst, "…"...)
	case m.mode == None:
		return append(dst, word...)
	case isAddress(word):
		dst, _ = m.AppendAddress(dst, word)
		return dst
	case bytes.IndexByte(word, '@') > 0:
		return m.hashURI(dst, word)
	case name:
		return m.hash(dst, word)
	}
	return m.hashNumbers(dst, word)
}

// hashNumbers appends a word with hashes for the numbers in it.
func (m *Masker) hashNumbers(dst, word []byte) []byte {
	for i := 0; i < len(word); {
		end := i
		if word[end] == '+' {
			end++
		}
		digits := end
		for end < len(word) && isDigit(word[end]) {
			end++
		}
		switch {
		case end-digits >= shortest:
			dst = m.hash(dst, word[i:end])
		case end == i:
			end++
			fallthrough
		default:
			dst = append(dst, word[i:end]...)
		}
		i = end
	}
	return dst
}

// hasNumber says that a public number may be in the word.
func hasNumber(word []byte) bool {
	digits := 0
	for _, c := range word {
		if !isDigit(c) {
			digits = 0
		} else if digits++; digits >= shortest {
			return true
		}
	}
	return false
}

// named says that a word like this stands before a name of ours.
func named(word []byte) bool {
	switch string(word) {
	case "extension", "account":
		return true
	}
	return false
}

// nextWord cuts a text behind its first word and the spaces that follow.
func nextWord(text []byte) (word, space, rest []byte) {
	end := bytes.IndexByte(text, ' ')
	if end < 0 {
		return text, nil, nil
	}
	next := end
	for next < len(text) && text[next] == ' ' {
		next++
	}
	return text[:end], text[end:next], text[next:]
}

// trimWord parts a word from the punctuation around it.
func trimWord(word []byte) (head, core, tail []byte) {
	core = bytes.TrimLeft(word, `"'(,;<`)
	head = word[:len(word)-len(core)]
	end := len(bytes.TrimRight(core, `"'),;:.!?>`))
	return head, core[:end], core[end:]
}
