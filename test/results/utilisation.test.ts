/** Utilisation is over the time that instances were in use, of the group and of its busiest instance alike. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/index.ts';

describe('utilisation', () => {
  it('of the group is at most that of its busiest instance, though instances come and go', () => {
    const text = `
name: a group that grows
run: { duration: 4s, warmup: 0s }
clients: { users: { arrivals: { constant: 150/s, spikes: { rush: { at: 1s, for: 1s, times: 3 } } }, does: ask, entry: app } }
components:
  app:
    type: server
    runtime: { threads: 4 }
    operations: { ask: [{ cpu: 4ms }] }
    autoscale: { min: 1, max: 4, cpu: 50%, every: 200ms, metric-delay: 0s, boot: 100ms, stabilization: 200ms, drain: 50ms, scale-up: { pods: 3, period: 200ms } }
`;
    const [app] = simulate(text).stages[0].components;
    expect(app.instances).toBeGreaterThan(1.1);
    for (const { utilization, utilizationBusiest } of app.resources) {
      expect(utilization).toBeGreaterThan(0.05);
      expect(utilizationBusiest).toBeGreaterThanOrEqual(utilization);
      expect(utilizationBusiest).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    ['requests', 'memory: { per-request: 1MiB }'],
    ['sessions', 'sessions: { store: memory, size: 1MiB }'],
  ])('of memory is all of it when a process is killed for asking for more: %s', (_what, memory) => {
    const text = `
name: more than there is
run: { duration: 2s, warmup: 0s }
clients: { users: { users: 40, think: 10ms, does: ask, entry: app } }
components:
  app:
    type: server
    machine: { cores: 1, memory: 10MiB }
    ${memory}
    restart: 100ms
    operations: { ask: [{ cpu: 10ms }] }
`;
    const [app] = simulate(text).stages[0].components;
    expect(app.extra.outOfMemory).toBeGreaterThan(0);
    expect(app.resources.find(({ resource }) => resource === 'memory')?.utilization).toBe(1);
  });

  it('of two resources that are full names the one that does the work', () => {
    const text = `
name: a slow disk
run: { duration: 20s, warmup: 2s }
clients: { users: { arrivals: { constant: 100/s }, does: ask, entry: app } }
components:
  app: { type: server, machine: { cores: 1 }, runtime: { threads: 20 }, operations: { ask: [ { cpu: 1ms }, { write: db } ] } }
  db: { type: database, connections: 10, write: { cpu: 1ms, fsync: 20ms } }
`;
    const { components, verdict } = simulate(text).stages[0];
    const db = components.find(({ name }) => name === 'db')!;
    const full = db.resources.filter(({ utilizationBusiest }) => utilizationBusiest > 0.99);
    expect(full.map(({ resource }) => resource).sort()).toEqual(['connections', 'disk']);
    expect(db.bottleneck).toBe('disk');
    expect(verdict.hottest).toMatchObject({ component: 'db', resource: 'disk' });
  });
});
