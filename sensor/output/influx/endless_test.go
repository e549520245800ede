package influx

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAnAnswerWithoutEnd: whatever its status, no more of it is read than an error
// may have.
func TestAnAnswerWithoutEnd(t *testing.T) {
	for _, status := range []int{200, 302, 304, 399, 400, 500} {
		var sent atomic.Int64
		ended := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			text := []byte(`{"message":"` + strings.Repeat("x", 1<<16))
			for sent.Load() < 64<<20 {
				n, err := w.Write(text)
				if sent.Add(int64(n)); err != nil {
					return
				}
				text = text[12:]
				text = append(text, "xxxxxxxxxxxx"...)
			}
		}))
		cfg := DefaultConfig()
		cfg.URL, cfg.Bucket = server.URL, "calls"
		if err := NewWriter(cfg, cfg.Bucket).Write(t.Context(), "x y=1\n"); judge(err, 1) != Retry && status != 400 {
			t.Errorf("%d: got %v", status, err)
		}
		<-ended
		if sent.Load() > 16<<20 {
			t.Errorf("%d: got %d MiB of an answer read", status, sent.Load()>>20)
		}
		server.Close()
	}
}
