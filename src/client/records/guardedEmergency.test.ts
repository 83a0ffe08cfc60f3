import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { everything, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { addRecord } from './addRecord.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecord } from './readRecord.ts';
import type { ChartRecord } from './viewChart.ts';

const SECRET = utf8ToBytes('allergic to penicillin');

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'allergies', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: SECRET });
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

/** A right that the patient gives ahead to whoever is to read in an emergency. */
async function givenAhead(): Promise<GrantGiven> {
  const { patient, stranger } = care;
  return await grantRight(patient, {
    ...everything(stranger),
    actions: ['read'],
    purpose: 'ETREAT',
    categories: ['allergies', 'medications'],
  });
}

async function opened(given: GrantGiven): Promise<{ chart: Chart; record: ChartRecord }> {
  const { stranger, handle } = care;
  const chart = await readChart(stranger, { handle, grant: given.grant, purpose: 'ETREAT' });
  const [record] = chart.records;
  assert.ok(record);
  return { chart, record };
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'one that is away' }));
}

async function leaked({ file }: ChartRecord): Promise<Uint8Array> {
  return await collectBytes(network.services().contributor.file(file));
}

describe('a right that was given ahead for emergencies, where records open by a release', () => {
  it('opens a record by a view that says so, also while one organisation is away', async () => {
    const { chart, record } = await opened(await givenAhead());
    const { coordinator } = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...coordinator, release: away });
    const { content, acknowledgement } = await readRecord(care.stranger, chart, record);
    assert.deepEqual(content, SECRET);
    const { request } = JSON.parse(acknowledgement.body) as Body;
    assert.equal(request.message.purpose, 'ETREAT');
  });

  // @attack somebody with a right for emergencies reads unseen by its packet and a leaked file | it opens nothing without a view and a release
  it('opens nothing by its packet alone, which lies there from the day on which it is given', async () => {
    const { chart, record } = await opened(await givenAhead());
    const file = await leaked(record);
    await assert.rejects(openBytes([chart.openerFor(record)], file), failsWith('SEAL_UNREADABLE'));
  });

  // @attack somebody with a right for emergencies reads for another purpose | refused
  it('releases nothing for another purpose, though the right stands', async () => {
    const given = await givenAhead();
    const { chart, record } = await opened(given);
    const ordinary = { ...chart, purpose: 'TREAT' } as const;
    await assert.rejects(readRecord(care.stranger, ordinary, record), failsWith('RIGHT_MISSING'));
  });

  it('releases nothing once it has ended, and the packet that was kept opens no leaked file', async () => {
    const given = await givenAhead();
    const { chart, record } = await opened(given);
    await revokeRight(care.patient, given.digest);
    await assert.rejects(readRecord(care.stranger, chart, record), failsWith('RIGHT_ENDED'));
    const file = await leaked(record);
    await assert.rejects(openBytes([chart.openerFor(record)], file), failsWith('SEAL_UNREADABLE'));
    await commitEpochs(care.patient, 3);
  });
});
