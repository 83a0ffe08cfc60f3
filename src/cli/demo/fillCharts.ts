import { checkInbox } from '../../client/letters/checkInbox.ts';
import { requestAccess } from '../../client/letters/accessRequests.ts';
import type { Party } from '../../client/party/Party.ts';
import { addDocument } from '../../client/records/addDocument.ts';
import { nameOfContent } from '../../client/records/addedOnce.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecords } from '../../client/records/readRecords.ts';
import { listGrants } from '../../client/rights/listGrants.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createValidator } from '../../fhir/createValidator.ts';
import { DEMO_CHARTS } from '../../fhir/demo/demoCharts.ts';
import type { Validator } from '../../fhir/Validator.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { RunningNetwork } from '../../node/openNetwork.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { readKeystore } from '../../device/keystore.ts';
import { DEMO_PARTIES, openDemoParty } from '../demoParties.ts';
import { demoGrant, demoHandle, giveDemoRight, type DemoPlay } from './DemoPlay.ts';
import { DemoSteps } from './DemoSteps.ts';
import { makeRetinaImage } from './makeRetinaImage.ts';
import { writeDemoChart } from './writeDemoChart.ts';

/** The step after which nothing is left to do. */
const LAST = 'filled';

/**
 * Fills the charts of a demonstration, once: its parties write records, share them, look, are refused and ask. After an
 * interruption it goes on from there.
 *
 * @param network - A demonstration network whose parties are enrolled.
 * @param keystore - Folder of the parties' devices.
 * @param onBegin - Called if there is something to do.
 * @throws MedsealError of the functions of the client that it calls.
 */
export async function fillCharts(
  network: RunningNetwork,
  keystore: string,
  onBegin?: () => Promise<void>,
): Promise<void> {
  const device = await openDeviceFolder(`${keystore}/patient`);
  const steps = await DemoSteps.open({ device, clock: network.ports.clock });
  if (steps.has(LAST)) return;
  await onBegin?.();
  const keys = await readKeystore(keystore, network.file);
  const parties = new Map<string, Party>();
  for (const key of keys) {
    const isDemo = DEMO_PARTIES.some(({ name }) => name === key.name);
    if (isDemo) parties.set(key.name, await openDemoParty(network, keystore, key));
  }
  let validator: Validator | undefined;
  const play: DemoPlay = {
    steps,
    get validator() {
      return (validator ??= createValidator(loadFhirDefinitions()));
    },
    party(name) {
      const party = parties.get(name);
      if (party === undefined) throw new MedsealError('NOT_FOUND', { what: `party ${name}` });
      return party;
    },
  };
  await together(
    DEMO_CHARTS.map(async (chart, number) => {
      await writeDemoChart(play, number === 0 ? 'patient' : `patient-${number + 1}`, chart);
    }),
  );
  await addOwnImage(play);
  await shareFirstChart(play);
  await lookAndAsk(play);
  await steps.once(LAST, async () => await Promise.resolve());
}

/** Waits for all, also if one fails. */
async function together(runs: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** The patient adds an image to their own chart. */
async function addOwnImage(play: DemoPlay): Promise<void> {
  await play.steps.once('patient adds image', async () => {
    const party = play.party('patient');
    const handle = await demoHandle(play, 'patient');
    const content = makeRetinaImage();
    const once = await nameOfContent(party, handle, [content], 'demo');
    const image = { contentType: 'image/png', title: 'Right eye, retina', kind: 'image' } as const;
    await addDocument(party, { handle, content, ...image, purpose: 'PATRQT', once });
  });
}

/** The first patient shares with others, and takes one right back. */
async function shareFirstChart(play: DemoPlay): Promise<void> {
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
    async () => await look(play, 'researcher', patient, ['laboratory']),
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

/** Grantees look; two are refused; one asks. */
async function lookAndAsk(play: DemoPlay): Promise<void> {
  const { steps } = play;
  await steps.once('letters', async () => {
    for (const name of ['doctor', 'doctor-2', 'pharmacist', 'insurer', 'lab']) {
      await checkInbox(play.party(name));
    }
  });
  await steps.once('doctor looks', async () => {
    await look(play, 'doctor', 'patient', ['conditions', 'laboratory', 'reports', 'medications']);
    await look(play, 'doctor', 'patient-2', ['conditions', 'medications']);
  });
  await steps.once('pharmacist looks', async () => {
    await look(play, 'pharmacist', 'patient', ['medications', 'allergies']);
  });
  await steps.once(
    'insurer looks',
    async () => await look(play, 'insurer', 'patient', ['billing']),
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
}

/** A grantee looks at the chart, and at the records of some categories. */
async function look(
  play: DemoPlay,
  who: string,
  patient: string,
  categories: readonly Category[],
): Promise<void> {
  const party = play.party(who);
  const handle = await demoHandle(play, patient);
  const grant = await demoGrant(play, patient, who);
  const chart = await readChart(party, { handle, grant, purpose: grant.terms.purpose });
  const wanted = chart.records.filter(({ category }) => categories.includes(category));
  for await (const read of readRecords(party, chart, wanted)) {
    if ('error' in read) throw read.error;
  }
}

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
