import type { Bundle } from '@medplum/fhirtypes';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { nameOfContent } from '../../src/client/records/addedOnce.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { amendPart } from '../../src/fhir/amendPart.ts';
import { decodePart } from '../../src/fhir/decodePart.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { partToBundle } from '../../src/fhir/partToBundle.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { demoGrant, demoHandle, type DemoPlay } from './DemoPlay.ts';

const LABEL = 'doctor amends plan of patient';
const MORE = ' Amended: the blood test in six weeks instead, because of the kidneys.';

/**
 * Has the doctor amend the first patient's plan, so that a record has a history.
 *
 * @param play - The parties.
 */
export async function amendPlan(play: DemoPlay): Promise<void> {
  await play.steps.once(LABEL, async () => {
    const doctor = play.party('doctor');
    const handle = await demoHandle(play, 'patient');
    const grant = await demoGrant(play, 'patient', 'doctor');
    const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
    const plan = chart.records.find(({ category }) => category === 'plans');
    if (plan === undefined) throw new MedsealError('NOT_FOUND', { what: 'plan' });
    const part = decodePart((await readRecord(doctor, chart, plan)).content);
    const amendment = {
      party: doctor.address,
      at: seconds(doctor.clock),
      purpose: 'TREAT',
    } as const;
    await addRecord(doctor, {
      handle,
      category: plan.category,
      content: encodePart(amendPart(part, amended(partToBundle(part)), amendment)),
      purpose: 'TREAT',
      grant,
      amends: plan,
      once: await nameOfContent(doctor, handle, [utf8ToBytes(LABEL)], 'demo'),
    });
  });
}

/** The bundle with more in the plan. */
function amended(bundle: Bundle): Bundle {
  const entry = bundle.entry?.map((each) => {
    const { resource } = each;
    if (resource?.resourceType !== 'CarePlan') return each;
    return { ...each, resource: { ...resource, description: `${resource.description}${MORE}` } };
  });
  return { ...bundle, ...(entry && { entry }) };
}
