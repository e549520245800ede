package commission

import (
	"strings"
	"testing"
)

func TestSheet(t *testing.T) {
	sheet := Sheet{
		{Name: "rights", Result: Pass, Found: "CAP_NET_RAW"},
		{Name: "interface", Subject: "eth1", Result: Fail, Found: "down\nor\x1b[31m so", Advice: "ip link set eth1 up"},
		{Name: "webhook", Result: Warn, Found: "off <&>"},
	}
	var text, json strings.Builder
	if sheet.Print(&text) != nil || sheet.JSON(&json) != nil {
		t.Fatal("a builder takes everything")
	}
	wantText := `pass  rights          CAP_NET_RAW
fail  interface eth1  down or [31m so; do: ip link set eth1 up
warn  webhook         off <&>
1 passed, 1 to know of, 1 failed
`
	if text.String() != wantText {
		t.Errorf("got\n%swant\n%s", text.String(), wantText)
	}
	wantJSON := `{"type":"check","check":"rights","result":"pass","found":"CAP_NET_RAW"}
{"type":"check","check":"interface","subject":"eth1","result":"fail","found":"down\nor\u001b[31m so","advice":"ip link set eth1 up"}
{"type":"check","check":"webhook","result":"warn","found":"off <&>"}
{"type":"sheet","passed":1,"warned":1,"failed":1}
`
	if json.String() != wantJSON {
		t.Errorf("got\n%swant\n%s", json.String(), wantJSON)
	}
}
