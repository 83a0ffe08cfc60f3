import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { LAST_TURN, requireStaying } from './requireStaying.ts';

const LEAVES = 1_800_000_000;
const [before, after] = [fileOf(['hospital', 'insurer']), fileOf(['hospital'], LEAVES)];

function fileOf(members: readonly string[], since?: number): NetworkFile {
  const authority = { members: members.map((organisation) => ({ organisation })) };
  return { authority, ...(since !== undefined && { before: [{ until: since }] }) } as never;
}

/** Asks whether an organisation's log takes something, so many seconds before another file comes in force. */
function ask(organisation: string, left: number, isForked = false): void {
  const inForce = (at: number): NetworkFile => (at >= LEAVES && !isForked ? after : before);
  const succession = { inForce } as Parameters<typeof requireStaying>[0]['succession'];
  const clock = { now: () => 1000 * (LEAVES - left), after: () => () => undefined };
  requireStaying({ clock, organisation, succession });
}

describe('requireStaying', () => {
  it('lets a log take entries until half a minute before its organisation leaves', () => {
    ask('insurer', 3 * 24 * 3600);
    ask('insurer', LAST_TURN + 1);
  });

  it('refuses them in the last half minute, and names the moment', () => {
    const leaving = failsWith('NETWORK_LEAVING', {
      organisation: 'insurer',
      left: '2027-01-15T08:00:00.000Z',
    });
    for (const left of [LAST_TURN, 1, 0, -5]) assert.throws(() => ask('insurer', left), leaving);
  });

  it('hinders nobody who stays, and nobody while a fork is undecided', () => {
    for (const left of [LAST_TURN, 1, 0]) {
      ask('hospital', left);
      ask('insurer', left, true);
    }
  });
});
