package influx

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAPathBeforeTheServer: a proxy serves it under a path of its own.
func TestAPathBeforeTheServer(t *testing.T) {
	f := newFake(t, false)
	proxy := httptest.NewServer(http.StripPrefix("/influx", f.Config.Handler))
	defer proxy.Close()
	for _, url := range []string{proxy.URL + "/influx", proxy.URL + "/influx/"} {
		cfg := Config{URL: url, Org: "provider", Bucket: "calls", Timeout: 10 * time.Second}
		if got := probe(t, cfg, "all")[0]; got.Kind != None || got.Server.Kind != Influx2 || !got.Retention.Known {
			t.Errorf("%s: got %+v, want it written, and the server known", url, got)
		}
	}
}
