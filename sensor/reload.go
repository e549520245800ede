package sensor

import (
	"reflect"

	"tollwatch/detect"
	"tollwatch/sensor/config"
)

// reloaded is what waits to come into force.
type reloaded struct {
	tariff config.Tariff
	hours  config.Hours
	engine detect.Config
}

// Reload brings into force what of a configuration may change while the sensor
// runs, [tariff] and [hours] and the files they name, and logs what may not. What
// is wrong is logged, and all stays as it was. Any goroutine may call it.
func (s *Sensor) Reload(cfg config.Config) {
	s.told(s.manager.Reloading())
	engine, err := EngineConfig(cfg)
	if err != nil {
		s.Refuse(err)
		return
	}
	if sections := s.fixed(&cfg); len(sections) > 0 {
		s.log.Warn("changed sections of the configuration that wait for the next start", "sections", sections)
	}
	s.reload.Store(&reloaded{cfg.Tariff, cfg.Hours, engine})
}

// Refuse logs that a configuration could not be read, and that the old one holds.
func (s *Sensor) Refuse(err error) {
	s.log.Error("configuration not reloaded, the old one stays in force", "error", oneLine(err))
	s.told(s.manager.Ready())
}

// fixed are the sections that differ and that only a start brings into force.
func (s *Sensor) fixed(cfg *config.Config) (differ []string) {
	was := &s.cfg
	for _, section := range []struct {
		name    string
		was, is any
	}{
		{"site", was.Site, cfg.Site}, {"trunk", was.Trunks, cfg.Trunks}, {"capture", was.Capture, cfg.Capture},
		{"hep", was.HEP, cfg.HEP}, {"influx", was.Influx, cfg.Influx}, {"webhook", was.Webhook, cfg.Webhook},
		{"store", was.Store, cfg.Store}, {"http", was.HTTP, cfg.HTTP}, {"reconcile", was.Reconcile, cfg.Reconcile},
	} {
		if !reflect.DeepEqual(section.was, section.is) {
			differ = append(differ, section.name)
		}
	}
	return differ
}

// takeReload brings into force what waits; capture calls it.
func (s *Sensor) takeReload() {
	next := s.reload.Swap(nil)
	if next == nil {
		return
	}
	if err := s.engine.Reload(next.engine); err != nil {
		s.Refuse(err)
		return
	}
	s.cfg.Tariff, s.cfg.Hours, s.prices = next.tariff, next.hours, next.engine.Prices.Len()
	s.log.Info("tariff and hours reloaded", "prices", s.prices, "caps", len(next.tariff.Caps), "openings", len(next.hours.Open),
		"closures", len(next.engine.Hours.Closed))
	s.told(s.manager.Ready())
}
