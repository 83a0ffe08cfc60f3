import { requestAccess } from '../../src/client/letters/accessRequests.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { demoGrant, demoHandle, type DemoPlay } from './DemoPlay.ts';
import { lookAt } from './lookAt.ts';

/**
 * Has grantees look at the charts; two are refused, and two ask for a right.
 *
 * @param play - The parties.
 */
export async function lookAndAsk(play: DemoPlay): Promise<void> {
  const { steps } = play;
  await steps.once('letters', async () => {
    for (const name of ['doctor', 'doctor-2', 'pharmacist', 'insurer', 'lab']) {
      await checkInbox(play.party(name));
    }
  });
  await steps.once('doctor looks', async () => {
    await lookAt(play, 'doctor', 'patient', ['conditions', 'laboratory', 'reports', 'medications']);
    await lookAt(play, 'doctor', 'patient-2', ['conditions', 'medications']);
  });
  await steps.once('pharmacist looks', async () => {
    await lookAt(play, 'pharmacist', 'patient', ['medications', 'allergies']);
  });
  await steps.once(
    'insurer looks',
    async () => await lookAt(play, 'insurer', 'patient', ['billing']),
  );
  await steps.once('researcher is refused', async () => {
    const handle = await demoHandle(play, 'patient');
    const grant = await demoGrant(play, 'patient', 'researcher');
    const researcher = play.party('researcher');
    await refused(
      'RIGHT_ENDED',
      async () => await readChart(researcher, { handle, grant, purpose: 'HRESCH' }),
    );
  });
  await steps.once('doctor-2 is refused', async () => {
    const handle = await demoHandle(play, 'patient-2');
    const other = play.party('doctor-2');
    await refused(
      'RIGHT_MISSING',
      async () => await readChart(other, { handle, purpose: 'TREAT' }),
    );
  });
  await steps.once('doctor-2 asks', async () => {
    await requestAccess(play.party('doctor-2'), {
      handle: await demoHandle(play, 'patient-2'),
      categories: ['conditions', 'medications', 'allergies'],
      actions: ['read'],
      purpose: 'TREAT',
      until: steps.begun + 30 * 24 * 3600,
    });
  });
  await steps.once('insurer asks', async () => {
    await requestAccess(play.party('insurer'), {
      handle: await demoHandle(play, 'patient'),
      categories: ['encounters', 'coverage'],
      actions: ['read'],
      purpose: 'HPAYMT',
      until: steps.begun + 60 * 24 * 3600,
    });
  });
}

/** Requires that something is refused. */
async function refused(
  code: 'RIGHT_ENDED' | 'RIGHT_MISSING',
  run: () => Promise<unknown>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isMedsealError(error, code)) return;
    throw error;
  }
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'the demonstration was let in' });
}
