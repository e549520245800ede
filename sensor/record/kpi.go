package record

import (
	"math"

	"tollwatch/sensor/kpi"
)

// KPI is the figures of the field over a whole replay (docs/kpis.md): ratios 0
// to 1, delays in seconds. What is not known is left out.
type KPI struct {
	Attempts  uint64   `json:"attempts"`
	PeakCalls int      `json:"calls_peak"`
	PeakCPS   int      `json:"cps_peak"`
	ASR       *float64 `json:"asr,omitempty"`
	NER       *float64 `json:"ner,omitempty"`
	ACD       *float64 `json:"acd,omitempty"`
	PDD       *float64 `json:"pdd,omitempty"` // mean
	PDD95     *float64 `json:"pdd_p95,omitempty"`
	SRD       *float64 `json:"srd,omitempty"`
	FailedSRD *float64 `json:"srd_failed,omitempty"`
	SDD       *float64 `json:"sdd,omitempty"`
	SER       *float64 `json:"ser,omitempty"`
	SEER      *float64 `json:"seer,omitempty"`
	ISA       *float64 `json:"isa,omitempty"`
}

// NewKPI puts figures into words; nil when no call was attempted.
func NewKPI(f *kpi.Figures) *KPI {
	if f.Attempts == 0 {
		return nil
	}
	return &KPI{
		Attempts: f.Attempts, PeakCalls: f.PeakCalls, PeakCPS: f.PeakCPS,
		ASR: figure(f.ASR()), NER: figure(f.NER()), ACD: figure(f.Talk.Mean()),
		PDD: figure(f.PDD.Mean()), PDD95: figure(f.PDD.Quantile(0.95)),
		SRD: figure(f.SRD.Mean()), FailedSRD: figure(f.FRD.Mean()), SDD: figure(f.SDD.Mean()),
		SER: figure(f.SER()), SEER: figure(f.SEER()), ISA: figure(f.ISA()),
	}
}

// figure leaves out what is no number.
func figure(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	x = round(x, 4)
	return &x
}
