import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  acknowledgedBy,
  judgedBody,
  submissionOf,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Organisation } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { JudgedBody } from '../ports.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

async function unreachable(): Promise<never> {
  await Promise.resolve();
  throw new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' });
}

/** Ends of rights that the laboratory keeps. */
async function ends(): Promise<readonly string[]> {
  const database = network.database('laboratory', 'kept');
  return await database.keys({ gt: 'end/', lt: 'end0' }).all();
}

describe('a view of a patient’s own chart', () => {
  // @attack an agent puts an opening of anything beside a patient's own view, for coordinators to keep | nothing is kept of an opening that was not judged
  it('leaves no end of a right behind that an agent puts beside it', async () => {
    const { patient, handle, right } = care;
    const before = await ends();
    const { coordinator } = network.services('laboratory');
    for (const planted of [handle, word('another'), `${handle}/${'x'.repeat(100_000)}`]) {
      const view = sign(
        patient,
        patient,
        'View',
        viewOf(care, { grant: ZERO32, purpose: 'PATRQT' }),
      );
      const opening = { ...right.grant, handle: planted };
      const body = { ...judgedBody(network, care, view), opening } as JudgedBody;
      const { refused } = await coordinator.judge({ log: 'care/hospital', bodies: [body] });
      assert.deepEqual(refused, []);
    }
    assert.deepEqual(await ends(), before);
  });
});

describe('the version of a record that a view is of', () => {
  let write: Write;
  let record: Acknowledgement;
  before(async () => {
    const { liars } = network;
    const { coordinator } = network.services('insurer');
    // The insurer does not judge it.
    liars.coordinator.set('insurer', { ...coordinator, judge: unreachable });
    write = await writeOf(care);
    record = await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
    liars.coordinator.clear();
  });

  async function codesOf(organisation: Organisation, support: object): Promise<unknown> {
    const message = viewOf(care, { what: 'record', record: write.record, version: 1 });
    const view = sign(care.doctor, care.doctor, 'View', message);
    const body = { ...judgedBody(network, care, view), record: support } as JudgedBody;
    const { coordinator } = network.services(organisation);
    const { refused } = await coordinator.judge({ log: 'care/hospital', bodies: [body] });
    return refused.map(({ problem }) => problem.code);
  }

  it('needs no verdicts beside it where it was agreed to, or stands in a log', async () => {
    const bare = { ...record, verdicts: [] };
    assert.deepEqual(await codesOf('laboratory', bare), [], 'agreed to');
    assert.deepEqual(await codesOf('insurer', bare), ['EVIDENCE_INVALID'], 'neither');
    await network.checkpoint();
    for (const wrong of [{ index: record.index + 1 }, { index: '0' }, { log: 'care/insurer' }]) {
      assert.deepEqual(await codesOf('insurer', { ...bare, ...wrong }), ['EVIDENCE_INVALID']);
    }
    assert.deepEqual(await codesOf('insurer', bare), [], 'in its copy of the log');
  });

  it('is refused with another body beside its entry, wherever it is known', async () => {
    const body = record.body.replace('"category":"laboratory"', '"category":"vitals"');
    assert.notEqual(body, record.body);
    for (const organisation of ORGANISATIONS) {
      for (const wrong of [body, `${record.body} `, 7]) {
        const codes = await codesOf(organisation, { ...record, body: wrong });
        assert.deepEqual(codes, ['EVIDENCE_INVALID']);
      }
      assert.deepEqual(await codesOf(organisation, record), []);
    }
  });
});
