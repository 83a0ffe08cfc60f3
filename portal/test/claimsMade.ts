import assert from 'node:assert/strict';
import {
  checkInbox,
  knownRights,
  prepareClaim,
  readChart,
  restoreRights,
  rightFor,
  signBill,
  type NewClaim,
  type Party,
} from '../../src/client/index.ts';
import type { RecordId } from '../../src/protocol/ids.ts';
import type { Signed } from '../../src/protocol/struct/requests.ts';
import { CLAIM_PURPOSE } from '../../src/protocol/care/mostClaimRight.ts';
import { readAfter } from '../../demo/scenario/readAfter.ts';
import { openDemoVisitor, type DemoVisitor } from './demoVisitor.ts';

/** People of the demonstration who treat the patient. */
const TREATING = ['doctor', 'doctor-2', 'lab'] as const;

/** The bill of a treatment of the patient, as whoever wrote its first record signs it. */
export async function billedBy(
  url: string,
  treatment: RecordId,
  total: number,
): Promise<Signed<'Bill'>> {
  const { party: patient, handle = '0x' } = await openDemoVisitor(url, 'patient');
  const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
  const first = records.find(({ record, version }) => record === treatment && version === 1);
  for (const name of TREATING) {
    const { party } = await openDemoVisitor(url, name);
    if (party.address !== first?.author) continue;
    await checkInbox(party);
    const right = await rightFor(party, { handle, action: 'read' });
    const { grant } = right ?? assert.fail();
    return await signBill(party, { handle, treatment, total, grant, purpose: grant.terms.purpose });
  }
  assert.fail('nobody of them wrote it');
}

/** A claim of the patient for what somebody wrote on the chart, with the bill. */
export async function claimOf(
  url: string,
  { party, handle = '0x' }: DemoVisitor,
  insurer: NewClaim['insurer'],
  place: number,
  units: number,
): Promise<NewClaim> {
  const { records } = await readChart(party, { handle, purpose: 'PATRQT' });
  const found = records.filter(({ category, author, version }) => {
    const isCare = category === 'conditions' || category === 'procedures' || category === 'vitals';
    return isCare && author !== party.address && version === 1;
  });
  const policy = records.find(({ category }) => category === 'coverage');
  const treatment = found[place];
  assert.ok(policy && treatment);
  const lines = [{ service: 'Consultation', units }];
  return {
    handle,
    insurer,
    coverage: policy.record,
    treatment: treatment.record,
    bill: await billedBy(url, treatment.record, units),
    lines,
    currency: 'EUR',
  };
}

/** Has the patient's device sign another total than that of the bill on the chart: it is stopped once, and altered meanwhile. */
export async function lieAbout(
  { party }: DemoVisitor,
  wanted: NewClaim,
  told: number,
): Promise<void> {
  const { device } = party;
  const total = wanted.lines.reduce((sum, { units }) => sum + units, 0);
  const stopped: Party = {
    ...party,
    device: {
      read: async (name) => await device.read(name),
      write: async (name, value) => {
        const text = JSON.stringify(value);
        if (!name.startsWith('claim-') || !text.includes(`"total":${total}`))
          return await device.write(name, value);
        const lie = text
          .replaceAll(`"total":${total}`, `"total":${told}`)
          .replaceAll(String.raw`\\\"total\\\":${total}`, String.raw`\\\"total\\\":${told}`);
        await device.write(name, JSON.parse(lie));
        throw new Error('stopped');
      },
    },
  };
  await assert.rejects(prepareClaim(stopped, wanted), /stopped/);
}

/** Waits until the insurer's organisation has its copy of the patient's bills. */
export async function arrived(url: string, name = 'insurer'): Promise<void> {
  const { party, handle = '0x' } = await openDemoVisitor(url, 'patient');
  const { records } = await readChart(party, { handle, purpose: 'PATRQT' });
  const bills = records
    .filter(({ category }) => category === 'billing')
    .map(({ acknowledgement }) => acknowledgement)
    // No request names more.
    .slice(-16);
  const insurer = await openDemoVisitor(url, name);
  await restoreRights(insurer.party);
  const right = (await knownRights(insurer.party)).find(({ grant }) => grant.handle === handle);
  assert.ok(right);
  const { behind } = await readAfter(
    insurer.party,
    { handle, grant: right.grant, purpose: CLAIM_PURPOSE },
    bills,
  );
  assert.deepEqual(behind, []);
}
