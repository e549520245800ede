// Has Grafana's own code do to answers what it does before a panel draws them: the
// transformations, then names, units, words, colours and links of every value. Reads
// [{panel, frames, variables}] and writes what would be seen.
//
// Its code was written for a browser: these few names are all that it looks for.
const grafana = require('@grafana/data');
const { firstValueFrom } = require('rxjs');
Object.defineProperty(globalThis, 'navigator', { value: { language: 'en-GB', languages: ['en-GB'] } });
globalThis.window = globalThis;
globalThis.__grafanaSceneContext = {};

const transformers = new Map(Object.values(grafana.standardTransformers).map((t) => [t.id, t]));
grafana.standardTransformersRegistry.setInit(() =>
  [...transformers.values()].map((t) => ({ id: t.id, name: t.name, transformation: async () => t })));

// What an override may say, as Grafana's core registers it. An id that is not here is none of Grafana's.
const property = (id, process) => ({
  id, name: id, process, shouldApply: () => true,
  isCustom: id.startsWith('custom.'), path: id.replace('custom.', ''),
});
const properties = new grafana.Registry(() => [
  property('displayName', grafana.displayNameOverrideProcessor),
  property('unit', grafana.unitOverrideProcessor),
  property('thresholds', grafana.thresholdsOverrideProcessor),
  property('mappings', grafana.valueMappingsOverrideProcessor),
  property('links', grafana.dataLinksOverrideProcessor),
  property('custom.width', grafana.numberOverrideProcessor),
  property('custom.cellOptions', grafana.identityOverrideProcessor),
]);

// The page's variables, and ${__data.fields.x} of the row that is clicked.
const replacer = (variables) => (text, scoped) =>
  text.replace(/\$\{([\w.]+)(?::(\w+))?\}/g, (whole, name, format) => {
    const field = name.match(/^__data\.fields\.(.+)$/);
    if (!field) {
      return variables[name] ?? whole;
    }
    const { frame, rowIndex } = scoped.__dataContext.value;
    const value = String(frame.fields.find((f) => f.name === field[1])?.values[rowIndex] ?? '');
    return format === 'percentencode' ? encodeURIComponent(value) : value;
  });

async function show({ panel, frames, variables }) {
  for (const o of panel.fieldConfig.overrides) {
    for (const p of o.properties) {
      if (!properties.getIfExists(p.id)) {
        throw new Error(`${panel.title}: no property ${p.id}`);
      }
    }
  }
  for (const t of panel.transformations ?? []) {
    if (!transformers.has(t.id)) {
      throw new Error(`${panel.title}: no transformation ${t.id}`);
    }
  }
  const replaceVariables = replacer(variables);
  const theme = grafana.createTheme();
  const raw = await firstValueFrom(grafana.transformDataFrame(panel.transformations ?? [], frames.map((f) => grafana.toDataFrame(f)), { interpolate: (s) => s }));
  const context = { fieldConfig: panel.fieldConfig, replaceVariables, theme, timeZone: 'utc', fieldConfigRegistry: properties };
  const data = grafana.applyFieldOverrides({ ...context, data: raw });
  if (panel.type === 'stat') {
    const shown = grafana.getFieldDisplayValues({ ...context, data, reduceOptions: panel.options.reduceOptions });
    return { values: shown.map((v) => ({ name: v.display.title, text: grafana.formattedValueToString(v.display), color: v.display.color })) };
  }
  return { frames: data.map((frame) => ({
    rows: frame.length,
    columns: frame.fields.map((field) => ({
      name: grafana.getFieldDisplayName(field, frame, data),
      texts: [...field.values].map((v) => grafana.formattedValueToString(field.display(v))),
      link: field.config.links?.length ? field.getLinks({ valueRowIndex: 0 })[0].href : '',
    })),
  })) };
}

(async () => {
  const cases = JSON.parse(require('fs').readFileSync(0));
  const out = [];
  for (const c of cases) {
    out.push(await show(c));
  }
  process.stdout.write(JSON.stringify(out));
})();
