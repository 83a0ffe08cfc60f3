import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readRemoval } from '../../bindings/readRemoval.ts';
import { readReplacedBy } from '../../bindings/readReplacedBy.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { removing } from '../../protocol/test/sampleRemoval.ts';
import { FOUR, four, LATER, NEW_KEY, replacing } from '../../protocol/test/sampleReplacement.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import { noSuccession } from '../../services/succession/Succession.ts';
import { foundFour, type FoundedFour } from '../../services/succession/test/foundFour.ts';
import type { LedgerSeat } from './LedgerSeat.ts';
import { LedgerWork } from './LedgerWork.ts';

/** Keys that are replaced or lose their power at once, by the node that publishes the successor. */

const DELAY = 3600;
const KEY = word('validator of pharmacy');
const OTHERS = ['hospital', 'laboratory', 'insurer'] as const;
let founded: FoundedFour;
let isAway: boolean;
let sent: number;
let failures: readonly string[];

beforeEach(async () => {
  founded = await foundFour(LATER - 2 * DELAY, DELAY);
  [isAway, sent, failures] = [false, 0, []];
});

function onFailure(error: unknown): void {
  failures = [...failures, error instanceof MedsealError ? error.code : String(error)];
}

/** The work of the hospital’s node, which knows these successors. */
function workWith(successors: readonly Successor[]): LedgerWork {
  const { carrier, clock, sourceOf } = founded;
  const { sender } = carrier;
  const send: typeof sender.send = async (request) => {
    sent += 1;
    if (isAway) throw new MedsealError('PEER_UNREACHABLE', { peer: 'ledger' });
    return await sender.send(request);
  };
  const seat = {
    carrier: { ...carrier, sender: { ...sender, send } },
    home: { organisation: 'hospital' },
    isEnrolled: false,
    enrol: async () => await Promise.resolve(),
  } as unknown as LedgerSeat;
  const succession = { ...noSuccession(four), successors };
  const index = { ...sourceOf().index, party: () => undefined } as unknown as LedgerIndex;
  return new LedgerWork({
    seats: [seat],
    network: { ...four, nodes: [] },
    succession,
    index,
    clock,
    onFailure,
  });
}

async function removals(of = KEY): Promise<number> {
  return (await readRemoval(founded.carrier.ledger, founded.validators, of)).removal;
}

describe('what is done at the ledger at once', () => {
  it('is done long before the successor holds, if the ledger did not answer when it was published', async () => {
    const removal = removing(OTHERS);
    assert.ok(removal.from > founded.clock.now() / 1000);
    isAway = true;
    await workWith([]).confirm(removal);
    assert.deepEqual([failures, await removals()], [['PEER_UNREACHABLE'], 0]);
    isAway = false;
    const work = workWith([removal]);
    await work.carry();
    assert.equal(await removals(), 1);
    await work.carry();
    assert.equal(sent, 2);
  });

  it('is done so with a key that is replaced, too', async () => {
    await workWith([replacing(FOUR)]).carry();
    const { carrier, validators } = founded;
    assert.equal(await readReplacedBy(carrier.ledger, validators, KEY), NEW_KEY);
  });

  it('is not asked for again once the ledger refused it, or its deadline passed', async () => {
    const refused = workWith([removing(['hospital', 'laboratory'])]);
    await refused.carry();
    await refused.carry();
    assert.deepEqual([sent, failures], [1, ['RULE_REFUSED']]);
    const late = workWith([removing(OTHERS, 'pharmacy', LATER - 2 * DELAY - 1)]);
    await late.carry();
    assert.deepEqual([sent, await removals()], [1, 0]);
  });

  it('is not published if the ledger refuses it: nobody takes it as done', async () => {
    await workWith([]).confirm(removing(['hospital', 'laboratory', 'pharmacy'], 'insurer'));
    const refused = failsWith('SUCCESSOR_INVALID', {
      reason: 'the ledger does not do what it does at once (ReplacementsSpent)',
    });
    await assert.rejects(workWith([]).confirm(removing(OTHERS)), refused);
    await assert.rejects(workWith([]).confirm(replacing(FOUR)), refused);
    assert.equal(await removals(), 0);
  });
});
