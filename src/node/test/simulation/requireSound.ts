import assert from 'node:assert/strict';
import type { Simulation } from './simulate.ts';

/** How much of the trace a failure shows. */
const LAST = 40;

/** Fails with the seed of a run in which something happened that must not. */
export function requireSound({ seed, steps, violations, trace, traceHash }: Simulation): void {
  if (violations.length === 0) return;
  const replay = `await simulate(${JSON.stringify(seed)}, ${steps})`;
  assert.fail(
    [
      `${violations.length} violations; ${replay} replays them (trace ${traceHash})`,
      ...violations,
      ...trace.slice(-LAST),
    ].join('\n'),
  );
}
