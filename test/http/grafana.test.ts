import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { turnReached } from '../support/turns.js';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: unknown }[] };
}

const DASHBOARD = new URL('../../deploy/grafana.json', import.meta.url);
/** What Prometheus adds to all that it reads. */
const OF_PROMETHEUS = ['instance', 'job'];

const database = useDatabase();
let app: RunningApp;
beforeAll(async () => {
  const DATABASE_NAME = `grafana_${process.pid}`;
  const { dataDir: DATA_DIR } = database;
  app = await launchApp({ MONGO_URI: database.engine.uri, DATABASE_NAME, DATA_DIR });
  await turnReached(app, 1);
});
afterAll(() => app.stop());

function dashboard(): Dashboard {
  return JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;
}

/** The labels of each metric that has a sample. */
async function labelsServed(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', within = ''] of text.matchAll(/^([a-z]\w*)(?:\{(.*)\})? \S+$/gm)) {
    const known = labels.get(name) ?? new Set(OF_PROMETHEUS);
    for (const [, label = ''] of within.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

/** What a query reads: metrics, and the labels that it selects and sums by. */
function readBy(expr: string) {
  const all = (pattern: RegExp) => [...expr.matchAll(pattern)].map(([, found = '']) => found);
  const sums = all(/\bby \(([^)]*)\)/g).flatMap((list) => list.split(/\s*,\s*/));
  return { metrics: all(/([a-z]\w*)\{/g), selected: all(/(\w+)\s*(?:=~|!=|=)\s*"/g), sums };
}

describe('the dashboard for Grafana', () => {
  it('asks for metrics and labels that there are, and shows no other label', async () => {
    const served = await labelsServed();
    const targets = dashboard().panels.flatMap(({ targets = [] }) => targets);
    expect(targets.length).toBeGreaterThan(20);
    for (const { expr, legendFormat } of targets) {
      const { metrics, selected, sums } = readBy(expr);
      expect(metrics, expr).not.toEqual([]);
      for (const metric of metrics) {
        const labels = served.get(metric);
        expect(labels, `${metric} in ${expr}`).toBeDefined();
        for (const label of [...selected, ...sums])
          expect([...(labels ?? [])], expr).toContain(label);
      }
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      const left = /\b(?:sum|max)\b/.test(expr) ? sums : OF_PROMETHEUS;
      for (const label of shown) expect(left, expr).toContain(label);
    }
  });

  it('leaves out no metric of our own', async () => {
    const asked = dashboard()
      .panels.flatMap(({ targets = [] }) => targets)
      .flatMap(({ expr }) => readBy(expr).metrics);
    const own = [...(await labelsServed()).keys()].filter((name) => name.startsWith('dynamics_'));
    const plain = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    expect(new Set(asked.filter((name) => name.startsWith('dynamics_')).map(plain))).toEqual(
      new Set(own.map(plain)),
    );
  });

  it('comes from nothing to the data of a panel in ten lines', async () => {
    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;
    const { expr = '' } = panels.find(({ title }) => title === 'Newest turn')?.targets?.[0] ?? {};
    const [, metric = ''] = /^max\((\w+)\{/.exec(expr) ?? [];
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const [, value] = new RegExp(`^${metric} (\\d+)$`, 'm').exec(text) ?? [];
    expect(Number(value)).toBeGreaterThanOrEqual(1);
  });
});
