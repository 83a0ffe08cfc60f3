import { readChart } from '../../src/client/records/readChart.ts';
import { listGrants } from '../../src/client/rights/listGrants.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { demoHandle, giveDemoRight, type DemoPlay } from './DemoPlay.ts';
import { lookAt } from './lookAt.ts';

/**
 * Has the first patient share with others, and take one right back.
 *
 * @param play - The parties.
 */
export async function shareFirstChart(play: DemoPlay): Promise<void> {
  const { steps } = play;
  const patient = 'patient';
  await giveDemoRight(play, patient, {
    to: 'researcher',
    categories: ['laboratory'],
    actions: ['read'],
    purpose: 'HRESCH',
    days: 365,
  });
  await steps.once(
    'researcher looks',
    async () => await lookAt(play, 'researcher', patient, ['laboratory']),
  );
  await steps.once('patient ends the right of the researcher', async () => {
    const party = play.party(patient);
    const { address } = play.party('researcher');
    const standing = await listGrants(party);
    const given = standing.find(({ grant }) => grant?.terms.grantee === address);
    if (given !== undefined) await revokeRight(party, given.digest);
  });
  await giveDemoRight(play, patient, {
    to: 'doctor-2',
    categories: ['conditions', 'laboratory', 'vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    days: 3,
  });
  await giveDemoRight(play, patient, {
    to: 'pharmacist',
    categories: ['medications', 'allergies'],
    actions: ['read'],
    purpose: 'TREAT',
    days: 180,
  });
  const handle = await demoHandle(play, patient);
  await steps.once('insurer', async () => {
    const chart = await readChart(play.party(patient), { handle, purpose: 'PATRQT' });
    const bill = chart.records.findLast(({ category }) => category === 'billing');
    if (bill === undefined) throw new MedsealError('NOT_FOUND', { what: 'bill' });
    await giveDemoRight(play, patient, {
      to: 'insurer',
      categories: ['billing'],
      record: bill.record,
      actions: ['read'],
      purpose: 'HPAYMT',
      days: 90,
    });
  });
}
