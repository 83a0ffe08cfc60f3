import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { answerOrder, type OrderAnswered } from '../../src/client/care/orders/answerOrder.ts';
import { ordersKept } from '../../src/client/care/orders/keptOrders.ts';
import { openOrder, type OrderPlace } from '../../src/client/care/orders/openOrder.ts';
import type { OrderRead } from '../../src/client/care/orders/readOrders.ts';
import { signOffOrder } from '../../src/client/care/orders/signOffOrder.ts';
import { tellOrder, tellUnreadable } from '../../src/client/care/orders/tellOrder.ts';
import { withdrawOrder } from '../../src/client/care/orders/withdrawOrder.ts';
import { sendLetter } from '../../src/client/letters/letters.ts';
import { handOver } from '../../src/client/letters/accessRequests.ts';
import { addBundle } from '../../src/client/records/addBundle.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { fillForm } from '../../src/fhir/forms/fillForm.ts';
import { readReport } from '../../src/fhir/forms/reportForm.ts';
import { stateOfOrder, taskOfOrder } from '../../src/fhir/orders/taskOfOrder.ts';
import type { Validator } from '../../src/fhir/Validator.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Handle } from '../../src/protocol/ids.ts';
import type { Action } from '../../src/protocol/vocabulary.ts';
import type { Cast, CastMember } from './Cast.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const HOUR = 3600;
const PAPER = 'beyond P2';
const CATEGORIES = ['procedures', 'reports', 'laboratory'] as const;

/**
 * Plays an order, from the doctor to a laboratory and back, to the sign-off of its critical result, and what must be refused. It is played
 * by parties who are enrolled, on a chart that has an epoch.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param validator - FHIR R4.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function orderScenario(
  runner: StepRunner,
  { patient, doctor, specialist, laboratory }: Cast & { readonly laboratory: CastMember },
  validator: Validator,
): Promise<void> {
  const { handle } = await readPatientState(patient.party);
  const given: GrantGiven[] = [];
  const share = async (to: CastMember, ...actions: readonly Action[]): Promise<GrantGiven> => {
    const until = seconds(patient.party.clock) + HOUR;
    const terms = { categories: CATEGORIES, actions, purpose: 'TREAT', until } as const;
    const right = await grantRight(patient.party, { grantee: to.party.address, ...terms });
    given.push(right);
    await handOver(patient.party, right);
    await checkInbox(to.party);
    return right;
  };
  const ordering = await share(doctor, 'read', 'add', 'amend');
  const about = { handle, ordering, laboratory, validator };
  const placed = await runner.accepted(
    stepOf('The doctor orders, and a letter tells the laboratory', PAPER, doctor),
    async () => ({ value: await order(doctor, about, 'Potassium') }),
  );
  const place = { handle, record: placed.record };
  await runner.refused(
    stepOf('The laboratory looks without a right, and says so', PAPER, laboratory),
    // Its right of an earlier play has ended.
    ['RIGHT_MISSING', 'RIGHT_ENDED'],
    async () => await lookWithout(laboratory, doctor, place),
  );
  await runner.refused(
    stepOf('A forged letter tells the laboratory of an order', PAPER, specialist),
    ['NOT_FOUND'],
    async () => await forge(specialist, laboratory, placed),
  );
  const right = await share(laboratory, 'read', 'add');
  const read = async (after: LoggedVersion): Promise<unknown> =>
    await readAfter(laboratory.party, { handle, grant: right.grant, purpose: 'TREAT' }, [
      after.acknowledgement,
    ]);
  await read(placed);
  await share(specialist, 'read', 'add');
  await runner.refused(
    stepOf('Another doctor answers in its place', PAPER, specialist),
    ['ROLE_UNFIT'],
    async () => await answer(specialist, about, place),
  );
  const { records } = await runner.accepted(
    stepOf('The laboratory answers with a critical result', PAPER, laboratory),
    async () => ({ value: await answer(laboratory, about, place) }),
  );
  await runner.refused(
    stepOf('The laboratory answers it once more, otherwise', PAPER, laboratory),
    ['ORDER_CLOSED'],
    async () => await answer(laboratory, about, place, 'It was normal.'),
  );
  await readAfter(
    doctor.party,
    { handle, grant: ordering.grant, purpose: 'TREAT' },
    records.map(({ acknowledgement }) => acknowledgement),
  );
  const found = await runner.accepted(
    stepOf('The doctor is told, and reads the result', PAPER, doctor),
    async () => {
      const value = await resultOf(doctor, place);
      return { value, detail: `a task that is ${taskOfOrder(value).status}` };
    },
  );
  await runner.refused(
    stepOf('The laboratory signs its own result off', PAPER, laboratory),
    ['ORDER_CLOSED'],
    async () => await signOffOrder(laboratory.party, { ...place, seen: found.toSignOff }),
  );
  await runner.accepted(stepOf('The doctor signs the result off', PAPER, doctor), async () => ({
    value: await signOffOrder(doctor.party, { ...place, seen: found.toSignOff }),
  }));
  const gone = await order(doctor, about, 'Ferritin');
  await runner.accepted(stepOf('The doctor withdraws another order', PAPER, doctor), async () => ({
    value: await read(await withdraw(doctor, { handle, record: gone.record })),
  }));
  await runner.refused(
    stepOf('The laboratory answers what was withdrawn', PAPER, laboratory),
    ['ORDER_CLOSED'],
    async () => await answer(laboratory, about, { handle, record: gone.record }),
  );
  await runner.accepted(
    stepOf('The patient ends the rights of the three', PAPER, patient),
    async () => {
      for (const { digest } of given) await revokeRight(patient.party, digest);
      return { value: undefined };
    },
  );
}

/** The chart, the doctor's right to it, and whom the order names. */
interface About {
  readonly handle: Handle;
  readonly ordering: GrantGiven;
  readonly laboratory: CastMember;
  readonly validator: Validator;
}

async function order(
  { party }: CastMember,
  { handle, ordering, laboratory, validator }: About,
  service: string,
): Promise<LoggedVersion> {
  const at = seconds(party.clock);
  const { address } = laboratory.party;
  const values = { service, ordered: momentOf(at), laboratory: address, priority: 'urgent' };
  const bundle = fillForm('order', values, { handle, author: party.address, at });
  const { records } = await addBundle(party, {
    handle,
    bundle: validator.validateBundle(bundle),
    purpose: 'TREAT',
    grant: ordering.grant,
  });
  const [placed] = records;
  if (placed === undefined) throw new MedsealError('NOT_FOUND', { what: 'order' });
  await tellOrder(party, { ...placed, handle, laboratory: address });
  return placed;
}

/** The laboratory takes the letter, reads nothing, and the doctor's device comes to know that. */
async function lookWithout(
  { party }: CastMember,
  doctor: CastMember,
  place: OrderPlace,
): Promise<void> {
  await checkInbox(party);
  const kept = (await ordersKept(party)).find(({ record }) => record === place.record);
  if (kept === undefined) throw new MedsealError('NOT_FOUND', { what: 'letter' });
  await tellUnreadable(party, kept);
  await checkInbox(doctor.party);
  const own = (await ordersKept(doctor.party)).find(({ record }) => record === place.record);
  if (own?.unreadable !== true) throw new MedsealError('NOT_FOUND', { what: 'answer' });
  await openOrder(party, place);
}

/** Somebody tells of another's order as their own. */
async function forge(
  { party }: CastMember,
  laboratory: CastMember,
  { acknowledgement }: LoggedVersion,
): Promise<void> {
  await sendLetter(party, laboratory.party.address, { order: { entry: acknowledgement } });
  const { orders } = await checkInbox(laboratory.party);
  if (orders === 0) throw new MedsealError('NOT_FOUND', { what: 'order' });
}

async function answer(
  { party }: CastMember,
  { validator }: About,
  place: OrderPlace,
  conclusion = 'The ward was called.',
): Promise<OrderAnswered> {
  const { order: read } = await openOrder(party, place);
  const at = seconds(party.clock);
  const context = { handle: place.handle, author: party.address, at, order: read };
  const result = { test: 'Potassium', value: '7.1', unit: 'mmol/L', low: '3.5', high: '5.1' };
  const results = [{ ...result, interpretation: 'HH' }];
  const { bundle } = readReport({ report: { taken: momentOf(at), conclusion }, results }, context);
  if (bundle === undefined) throw new MedsealError('NOT_FOUND', { what: 'report' });
  const once = bytesToHex(party.random(16)).slice(2);
  return await answerOrder(party, { ...place, bundle: validator.validateBundle(bundle), once });
}

/** The order as the doctor reads it once a letter told of its result. */
async function resultOf({ party }: CastMember, place: OrderPlace): Promise<OrderRead> {
  await checkInbox(party);
  const kept = (await ordersKept(party)).find(({ record }) => record === place.record);
  const { order: read } = await openOrder(party, place);
  const isWhole = stateOfOrder(read) === 'completed' && read.toSignOff[0]?.critical === true;
  if (kept?.critical !== true || !isWhole) throw new MedsealError('NOT_FOUND', { what: 'result' });
  return read;
}

async function withdraw({ party }: CastMember, place: OrderPlace): Promise<LoggedVersion> {
  const withdrawn = await withdrawOrder(party, place);
  if (withdrawn === undefined) throw new MedsealError('NOT_FOUND', { what: 'order' });
  return withdrawn;
}

function momentOf(at: number): string {
  return new Date(at * 1000).toISOString().replace('.000Z', 'Z');
}
