package alertrules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/output/influx/influxtest"
)

// notification is what an Alertmanager posts: one that rings somebody.
type notification struct {
	GroupLabels map[string]string
	Alerts      []struct{ Labels map[string]string }
}

// TestAlertmanager: whatever happens at two hundred sites at once, a real Alertmanager
// sends one notification of, but for thefts, of which it sends one a site.
func TestAlertmanager(t *testing.T) {
	program := livetest.Built(t, "alertmanager", "0.28.1")
	got := make(chan notification, 1000)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var n notification
		if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
			t.Error(err)
		}
		got <- n
	}))
	defer hook.Close()
	url := alertmanagerAt(t, program, hook.URL)
	var alerts []map[string]any
	for site := range 200 {
		for _, name := range []string{"TollwatchClockWrong", "TollwatchSensorSilent", "TollwatchTrunkIncident"} {
			alerts = append(alerts, alert(name, site, "trunk"))
		}
	}
	alerts = append(alerts, alert("TollwatchIncidentOpen", 7, "toll_fraud"), alert("TollwatchIncidentOpen", 9, "toll_fraud"), alert("TollwatchManySensorsSilent", -1, ""))
	post(t, url+"/api/v2/alerts", alerts)
	sizes := map[string]int{}
	for range 6 {
		select {
		case n := <-got:
			sizes[fmt.Sprint(n.GroupLabels["alertname"], " ", n.GroupLabels["site"])] = len(n.Alerts)
		case <-time.After(20 * time.Second):
			t.Fatalf("got %v, want six notifications", sizes)
		}
	}
	for want, size := range map[string]int{"TollwatchClockWrong ": 200, "TollwatchSensorSilent ": 200, "TollwatchTrunkIncident ": 200,
		"TollwatchIncidentOpen site-7": 1, "TollwatchIncidentOpen site-9": 1, "TollwatchManySensorsSilent ": 1} {
		if sizes[want] != size {
			t.Errorf("got %d alerts in the notification of %q, want %d: %v", sizes[want], want, size, sizes)
		}
	}
	if len(got) > 0 {
		t.Errorf("got %d notifications more", len(got))
	}
}

func alert(name string, site int, scheme string) map[string]any {
	labels := map[string]string{"alertname": name, "severity": "major"}
	if site >= 0 {
		labels["site"], labels["customer"] = fmt.Sprint("site-", site), fmt.Sprint("c-", site%20)
		labels["scheme"] = scheme
	}
	return map[string]any{"labels": labels}
}

// alertmanagerAt starts it with the committed grouping, which waits no half minute
// here, and the hook as the receiver.
func alertmanagerAt(t *testing.T, program, hook string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(packaging, "victoriametrics/alertmanager.yml"))
	if err != nil {
		t.Fatal(err)
	}
	config := strings.Replace(string(text), `group_wait: "30s"`, `group_wait: "1s"`, 1) + "    webhook_configs:\n      - url: " + hook + "\n        max_alerts: 0\n"
	dir := t.TempDir()
	file := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	address := influxtest.FreePort(t)
	c := exec.Command(program, "--config.file="+file, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=")
	var said bytes.Buffer
	c.Stderr = &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	livetest.Await(t, "the Alertmanager", func() bool {
		answer, err := http.Get("http://" + address + "/-/ready")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
	return "http://" + address
}

func post(t *testing.T, url string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(url, "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %s", url, answer.Status)
	}
}
