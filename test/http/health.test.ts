import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TURN_STAGES } from '../../src/turns/turn-runner.js';
import { type RunningApp } from '../support/app.js';
import { frameAt, observed, refused } from '../support/scripted-market.js';
import { until } from '../support/until.js';
import { RestApp } from '../support/rest.js';

const rest = new RestApp();
const { market } = rest;
let app: RunningApp;
beforeAll(() => void ({ app } = rest));

describe('health', () => {
  it('is told to programs at /, where a browser gets the dashboard', async () => {
    expect((await rest.call('/')).body).toMatchObject({ status: 'ok', exchange: 'SIMULATED' });
    expect((await rest.call('/healthz')).body).toEqual({ status: 'ok' });
    const page = await fetch(app.url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(page.headers.get('vary')).toMatch(/accept/i);
    expect(await page.text()).toContain('<div id="dashboard">');
  });
});

describe('a connection', () => {
  it('stays open from one turn to the next, for whoever asks once in each', async () => {
    const { headers } = await fetch(`${app.url}/healthz`);
    expect(headers.get('keep-alive')).toBe('timeout=65');
  });
});

describe('readiness', () => {
  it('is told while the database answers and the last cycle is younger than three intervals', async () => {
    expect(await rest.call('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('is denied, with the reason, before the first cycle and when cycles have stopped', async () => {
    market.answerWith(() => refused('EXCHANGE_ERROR'));
    const idle = await rest.start();
    expect(await rest.call('/readyz', {}, idle)).toMatchObject({
      status: 503,
      body: { status: 'not ready', faults: ['no cycle is stored yet'] },
    });
    await idle.stop();
    market.answerWith((n) =>
      n < 100 ? observed(frameAt(1_700_000_000_000, n)) : refused('EXCHANGE_ERROR'),
    );
    market.observations = 98;
    const stopped = await rest.start({ CYCLE_INTERVAL_MS: '50' });
    const { body } = await until(
      'a last turn of long ago',
      () => rest.call('/readyz', {}, stopped),
      (answer) => answer.status === 503 && /ago/.test(String(answer.body['faults'])),
    );
    expect(body['status']).toBe('not ready');
    await stopped.stop();
  });
});

describe('metrics', () => {
  it('are told to Prometheus', async () => {
    const response = await fetch(`${app.url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    const text = await response.text();
    expect(text).toMatch(/^dynamics_turns_total\{outcome="completed",code=""\} [1-9]/m);
    expect(text).toMatch(/^dynamics_turn_seconds_count [1-9]/m);
    expect(text).toMatch(/^dynamics_latest_turn [1-9]/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
    for (const stage of TURN_STAGES) {
      expect(text).toMatch(
        new RegExp(
          `^dynamics_turn_stage_seconds_count\\{stage="${stage.toLowerCase()}"\\} [1-9]`,
          'm',
        ),
      );
    }
    expect(text).toMatch(/^dynamics_database_operation_seconds_count\{outcome="ok"\} [1-9]/m);
    expect(text).toMatch(/^dynamics_lease_held 1$/m);
    for (const name of ['spooled_cycles', 'rejected_cycles_total', 'stale_tickers']) {
      expect(text).toMatch(new RegExp(`^dynamics_${name} 0$`, 'm'));
    }
  });

  it('are those that the alerts ask for', async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const rules = readFileSync(new URL('../../deploy/alerts.yaml', import.meta.url), 'utf8');
    const asked = new Set(rules.match(/\b(dynamics_[a-z_]+|nodejs_[a-z0-9_]+)/g));
    expect(asked.size).toBeGreaterThan(8);
    for (const name of asked) {
      expect(text).toContain(`# TYPE ${name.replace(/_(count|bucket|sum)$/, '')} `);
    }
  });
});
