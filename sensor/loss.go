package sensor

import "time"

// lossesEvery is how often lost frames are spoken of.
const lossesEvery = time.Minute

// losses is what was said of frames that the kernel could not hand over.
type losses struct {
	said uint64
	at   time.Time
}

// watchLoss has streams that were heard meanwhile say nothing of quality, and
// logs that frames were lost.
func (s *Sensor) watchLoss(before, now *State) {
	lost := now.Capture.KernelDrops
	if lost > before.Capture.KernelDrops {
		s.pipeline.decoder.SensorLost(s.pipeline.Now())
	}
	if lost == s.losses.said || now.At.Sub(s.losses.at) < lossesEvery {
		return
	}
	s.log.Warn("frames lost: more came than this machine could take; quality and money may be told too low", "frames", lost-s.losses.said)
	s.losses = losses{lost, now.At}
}
