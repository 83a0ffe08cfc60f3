import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { LogFields } from './Logger.ts';
import { WaitingLog } from './WaitingLog.ts';

const silent = (): void => undefined;

/** The lines that are logged while a node asks again every second, from second to second of a clock. */
function linesOf(reasons: readonly (readonly [from: number, to: number, error: MedsealError])[]) {
  let now = 0;
  const clock: Clock = { now: () => now, after: () => () => undefined };
  const lines: string[] = [];
  const warn = (event: string, { code, seconds = 0 }: LogFields = {}): void => {
    lines.push(`${event} ${code} ${seconds}`);
  };
  const waiting = new WaitingLog({ debug: silent, info: silent, warn, error: silent }, clock);
  for (const [from, to, error] of reasons) {
    for (let second = from; second < to; second++) {
      now = 1000 * second;
      waiting.waits('waiting for the ledger', error);
    }
  }
  return lines;
}

describe('the lines of a node that waits', () => {
  const away = new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });

  it('come at once, and then once a minute, with the seconds that it has waited', () => {
    assert.deepEqual(linesOf([[0, 150, away]]), [
      'waiting for the ledger PEER_UNREACHABLE 0',
      'waiting for the ledger PEER_UNREACHABLE 60',
      'waiting for the ledger PEER_UNREACHABLE 120',
    ]);
  });

  it('come again as soon as the reason is another one', () => {
    const other = new MedsealError('PEER_UNAUTHENTIC', {});
    assert.deepEqual(
      linesOf([
        [0, 5, away],
        [5, 10, other],
        [10, 12, away],
      ]),
      [
        'waiting for the ledger PEER_UNREACHABLE 0',
        'waiting for the ledger PEER_UNAUTHENTIC 0',
        'waiting for the ledger PEER_UNREACHABLE 0',
      ],
    );
  });
});
