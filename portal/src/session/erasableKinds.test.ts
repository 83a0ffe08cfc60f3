import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DeviceBound } from '../../../src/client/devices/bindDevice.ts';
import { addRecord, eraseKeys, type Party } from '../../../src/client/index.ts';
import { lyingTo } from '../../../src/client/test/lyingTo.ts';
import { BATCH, sendBatch } from '../../../src/client/test/sendBatch.ts';
import { startWithDevice } from '../../../src/client/test/startWithDevice.ts';
import { utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { BEGIN, type TestNetwork } from '../../../src/node/test/testNetwork.ts';
import type { Release } from '../../../src/protocol/evidence/evidence.ts';
import { signatory } from '../../../src/protocol/test/sampleNetwork.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { countIn } from './charts.ts';
import { erasableKinds, type ErasableKinds } from './erasableKinds.ts';
import type { Session } from './Session.ts';

const sensor = signatory('a band that also measures glucose');
const START = BEGIN * 1000;
let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;

before(async () => {
  const categories = ['vitals', 'laboratory'] as const;
  const device = { address: sensor.address };
  ({ network, patient, gateway, bound } = await startWithDevice({
    device,
    categories,
    epochs: 40,
  }));
  network.clock.advance(600_000);
  for (const [place, category] of (['vitals', 'laboratory', 'vitals'] as const).entries()) {
    await send(place, category);
  }
  const { handle } = bound.grant;
  const note = {
    category: 'conditions',
    purpose: 'PATRQT',
    content: utf8ToBytes('Slept well.'),
  } as const;
  await addRecord(patient, { handle, ...note });
});
after(async () => await network.close());

async function send(place: number, category: Category): Promise<void> {
  await sendBatch({ gateway, bound, sensor }, 10 * place, START + place * BATCH, category);
}

/** The patient's session at a node that changes what it releases. */
function sessionWith(change: (release: Release) => Release = (release) => release): Session {
  const party = lyingTo(network, patient, {
    async checkpoint(log) {
      await network.checkpoint();
      return await patient.agent.checkpoint(log);
    },
    async submit(submissions) {
      const outcomes = await patient.agent.submit(submissions);
      return outcomes.map((outcome) =>
        outcome.outcome === 'acknowledged' && outcome.release?.records !== undefined
          ? { ...outcome, release: change(outcome.release) }
          : outcome,
      );
    },
  });
  return { party, handle: bound.grant.handle } as Session;
}

/** Returns a release that says nothing of batches which its list leaves out. */
function withoutApart(release: Release): Release {
  const { apart: _, ...rest } = release;
  return rest;
}

/** Tells whether coordinators count both lists alike. */
async function isCounted({ party }: Session, { chart, batches }: ErasableKinds): Promise<boolean> {
  const counts = await Promise.all([countIn(party, chart), countIn(party, batches)]);
  return counts.every(({ complete }) => complete);
}

describe('the kinds that can be erased', () => {
  it('are those of records and of batches of readings', async () => {
    const session = sessionWith();
    const found = await erasableKinds(session);
    assert.deepEqual(found.kinds.toSorted(), ['conditions', 'laboratory', 'vitals']);
    assert.equal(await isCounted(session, found), true);
  });

  // @attack a node says that its list of records leaves no batches out, so that a kind which only readings have cannot be erased | one batch of each kind is listed, and coordinators count that list
  it('include that of readings of which the list of records does not speak', async () => {
    const session = sessionWith(withoutApart);
    const { kinds } = await erasableKinds(session);
    assert.ok(kinds.includes('vitals') && kinds.includes('laboratory'));
  });

  it('are counted, so that a kind which a node leaves off both lists is missed', async () => {
    for (const left of [0, 1]) {
      const session = sessionWith((given) => {
        const release = withoutApart(given);
        const batches = (release.records ?? []).length === 2;
        return {
          ...release,
          ...(batches && { records: release.records?.slice(left, left + 1) ?? [] }),
        };
      });
      const found = await erasableKinds(session);
      assert.equal(found.kinds.length, 2);
      assert.equal(await isCounted(session, found), false);
    }
    const session = sessionWith((release) => ({ ...release, records: [] }));
    const found = await erasableKinds(session);
    assert.deepEqual(found.kinds, []);
    assert.equal(await isCounted(session, found), false);
  });

  it('leave out what was erased, until the next batch', async () => {
    await eraseKeys(patient, 'laboratory');
    const session = sessionWith();
    const erased = await erasableKinds(session);
    assert.deepEqual(erased.kinds.toSorted(), ['conditions', 'vitals']);
    assert.equal(await isCounted(session, erased), true);
    await send(3, 'laboratory');
    const again = await erasableKinds(session, true);
    assert.deepEqual(again.kinds.toSorted(), ['conditions', 'laboratory', 'vitals']);
    assert.equal(await isCounted(session, again), true);
  });
});
