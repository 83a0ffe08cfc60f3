import { addRecord } from '../../src/client/records/addRecord.ts';
import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { fetchVersion } from '../../src/client/records/fetchVersion.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { readMistakes } from '../../src/client/letters/keptMistakes.ts';
import { sendLetter } from '../../src/client/letters/letters.ts';
import { answerMistake, reportMistake } from '../../src/client/letters/mistakes.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { endRight } from '../../src/client/rights/endRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import { suspendParty } from '../../src/client/rights/suspendParty.ts';
import type { ChartRecord } from '../../src/client/records/viewChart.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { openBytes } from '../../src/crypto/sealing/openBytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { AgentPort } from '../../src/protocol/AgentPort.ts';
import { releaseKeyOf } from '../../src/protocol/release/releaseKeyOf.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Handle } from '../../src/protocol/ids.ts';
import type { CastMember, Cast } from './Cast.ts';
import { extensionScenario } from './extensionScenario.ts';
import type { HoldTime } from './HeldClock.ts';
import { stepOf as step } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const CATEGORY = 'vitals';
const PURPOSE = 'TREAT';
/** Duration of rights that do not end by their date, seconds. */
const HOUR = 3600;
/** Shortest duration of the right that ends by its date, seconds. */
const BRIEF = 3;
/** Duration of that right as a multiple of the time that an earlier look took, where the time cannot stand still. */
const LEISURE = 20;

/** The chart that the former grantee has, and the version that was added since. */
interface Former {
  readonly chart: Chart;
  readonly added: Pick<LoggedVersion, 'record' | 'version'>;
}

/**
 * Plays what must be refused, and must not open: a right that does not cover what is asked for, each way in which a
 * right ends, and a file that was altered. It is played by parties who are enrolled, on a chart that has an epoch.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param authority - Keys of its members; if it is empty, nobody is suspended.
 * @param holdTime - Lets the network's time stand still; absent for a network that others use too.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function endsScenario(
  runner: StepRunner,
  cast: Cast,
  authority: readonly AuthorityKey[],
  holdTime?: HoldTime,
): Promise<void> {
  const { patient, doctor } = cast;
  const { handle } = await readPatientState(patient.party);
  const adding = await runner.accepted(
    step('The patient lets the doctor add vital signs', 'beyond P2', patient),
    async () => {
      const given = await give(patient, doctor, 'add', HOUR);
      return { value: given, txHash: given.placed.transaction };
    },
  );
  const first = await note(runner, cast, adding, 'The doctor adds a first note');
  await runner.refused(
    step('The doctor amends what may only be added to', 'P2 denial', doctor),
    ['RIGHT_MISSING'],
    async () => await add(doctor, adding, 'amended', first),
  );
  const looked = await endByRevocation(runner, cast, adding);
  // A right of a few seconds does not end while it is given, on however slow a machine.
  const hold: HoldTime = holdTime ?? (async (run) => await run());
  const brief = holdTime === undefined ? Math.ceil((LEISURE * looked) / 1000) : 0;
  await endByDate(runner, cast, adding, { brief, hold });
  if (authority.length > 0) await endBySuspension(runner, cast, adding, authority);
  await reportFirst(runner, cast, first);
  await extensionScenario(runner, cast);
  await endByRequestAlone(runner, cast);
  await flipBit(runner, patient, handle, first);
}

/** The patient says that the first note is wrong, and nobody else can. */
async function reportFirst(
  runner: StepRunner,
  { patient, doctor, specialist }: Cast,
  { acknowledgement: entry }: LoggedVersion,
): Promise<void> {
  await runner.refused(
    step('The author answers what the other doctor reports', 'beyond P2', doctor),
    ['NOT_FOUND'],
    async () => {
      const { clock, random } = specialist.party;
      const id = bytesToHex(random(32));
      const mistake = { id, entry, words: 'This is wrong.', at: seconds(clock) };
      await sendLetter(specialist.party, doctor.party.address, { mistake });
      await checkInbox(doctor.party);
      return await answerMistake(doctor.party, { id, words: 'It is right.' });
    },
  );
  await runner.accepted(
    step('The patient reports a mistake, and its author answers', 'beyond P2', patient),
    async () => {
      const { id } = await reportMistake(patient.party, { entry, words: 'This is wrong.' });
      await checkInbox(doctor.party);
      await answerMistake(doctor.party, { id, words: 'It is right.' });
      await checkInbox(patient.party);
      const known = (await readMistakes(patient.party)).find((each) => each.id === id);
      if (known?.answer === undefined) throw new MedsealError('NOT_FOUND', { what: 'answer' });
      return { value: undefined, detail: 'by letters that nobody else can read' };
    },
  );
}

/** Returns how long it took to give the right and to look, milliseconds. */
async function endByRevocation(
  runner: StepRunner,
  cast: Cast,
  adding: GrantGiven,
): Promise<number> {
  const { patient, specialist } = cast;
  const { right, chart } = await letRead(
    runner,
    cast,
    HOUR,
    'The other doctor may read, and looks',
  );
  const looked = runner.results.at(-1)?.ms ?? 0;
  await runner.accepted(step('The patient ends that right', 'beyond P2', patient), async () => {
    const { transaction } = await revokeRight(patient.party, right.digest);
    return { value: undefined, txHash: transaction };
  });
  const added = await note(runner, cast, adding, 'The doctor adds a note after the revocation');
  await opensNothing(runner, cast, { chart, added }, 'The revoked doctor opens nothing new');
  const { network, log } = patient.party;
  const before = chart.records.find(({ category }) => category === CATEGORY);
  if (releaseKeyOf(network, log) !== undefined && before !== undefined) {
    const name = 'Nor does what the doctor kept open a file of before that somebody leaked';
    await opensNothing(runner, cast, { chart, added: before }, name);
  }
  await runner.refused(
    step('The revoked doctor asks for the chart', 'P2 denial', specialist),
    ['RIGHT_ENDED'],
    async () => await look(specialist, right),
  );
  return looked;
}

/** The patient's agent says that the ledger takes nothing: then k organisations keep the end, and go by it at once. */
async function endByRequestAlone(runner: StepRunner, cast: Cast): Promise<void> {
  const { patient, specialist } = cast;
  const { right } = await letRead(
    runner,
    cast,
    HOUR,
    'The other doctor may read a last time, and looks',
  );
  await runner.accepted(
    step(
      'The patient ends that right while the ledger is said to stand still',
      'beyond P2',
      patient,
    ),
    async () => {
      const { party } = patient;
      const ended = await endRight({ ...party, agent: withoutLedger(party.agent) }, right.digest);
      return { value: undefined, detail: `the end is ${ended.outcome}` };
    },
  );
  await runner.refused(
    step('The doctor asks for the chart before the ledger has that end', 'P2 denial', specialist),
    ['RIGHT_ENDED'],
    async () => await look(specialist, right),
  );
}

async function endByDate(
  runner: StepRunner,
  cast: Cast,
  adding: GrantGiven,
  { brief, hold }: { readonly brief: number; readonly hold: HoldTime },
): Promise<void> {
  const { patient, specialist } = cast;
  const { right, chart } = await letRead(
    runner,
    cast,
    Math.max(BRIEF, brief),
    'The other doctor may read for a few seconds, and looks',
    hold,
  );
  await runner.refused(
    step(
      'The other doctor asks after that, on a ledger that stands still',
      'P2 denial',
      specialist,
    ),
    ['RIGHT_ENDED'],
    async () => {
      await until(patient, right.grant.terms.until);
      return await look(specialist, right);
    },
  );
  const added = await note(runner, cast, adding, 'The doctor adds a note after the date');
  await opensNothing(
    runner,
    cast,
    { chart, added },
    'The doctor whose right expired opens nothing new',
  );
}

async function endBySuspension(
  runner: StepRunner,
  cast: Cast,
  adding: GrantGiven,
  authority: readonly AuthorityKey[],
): Promise<void> {
  const { specialist } = cast;
  const { right, chart } = await letRead(
    runner,
    cast,
    HOUR,
    'The other doctor may read once more, and looks',
  );
  const { address: party } = specialist.party;
  const byAuthority = { paper: 'P1 AAA', party: 'authority' };
  await runner.accepted(
    { ...byAuthority, name: 'The authority suspends the other doctor' },
    async () => {
      const change = { party, suspended: true };
      const { transaction } = await suspendParty(cast.patient.party, authority, change);
      return { value: undefined, txHash: transaction };
    },
  );
  await runner.refused(
    step('The suspended doctor asks for the chart', 'P2 denial', specialist),
    ['PARTY_SUSPENDED'],
    async () => await look(specialist, right),
  );
  const added = await note(runner, cast, adding, 'The doctor adds a note meanwhile');
  await opensNothing(runner, cast, { chart, added }, 'The suspended doctor opens nothing new');
  await runner.accepted(
    { ...byAuthority, name: 'The authority lifts the suspension' },
    async () => {
      const change = { party, suspended: false };
      const { transaction } = await suspendParty(cast.patient.party, authority, change);
      return { value: undefined, txHash: transaction };
    },
  );
}

async function flipBit(
  runner: StepRunner,
  patient: CastMember,
  handle: Handle,
  { record, version }: LoggedVersion,
): Promise<void> {
  await runner.refused(
    step('A node flips one bit of a sealed file', 'beyond P2', patient),
    ['FILE_MISMATCH'],
    async () => {
      const { party } = patient;
      const chart = await readChart(party, { handle, purpose: 'PATRQT' });
      const deceived = { ...party, agent: flipping(party.agent) };
      return await readRecord(deceived, chart, listedAs(chart, record, version));
    },
  );
}

async function letRead(
  runner: StepRunner,
  { patient, specialist }: Cast,
  howLong: number,
  name: string,
  hold: HoldTime = async (run) => await run(),
): Promise<{ readonly right: GrantGiven; readonly chart: Chart }> {
  return await runner.accepted(step(name, 'beyond P2', specialist), async () => {
    const { right, chart } = await hold(async () => {
      const given = await give(patient, specialist, 'read', howLong);
      return { right: given, chart: await look(specialist, given) };
    });
    const evidence = chart.acknowledgement;
    return { value: { right, chart }, txHash: right.placed.transaction, evidence };
  });
}

async function note(
  runner: StepRunner,
  { doctor }: Cast,
  adding: GrantGiven,
  name: string,
): Promise<LoggedVersion> {
  return await runner.accepted(step(name, 'beyond P2', doctor), async () => {
    const added = await add(doctor, adding, name);
    const { handle } = adding.grant;
    const { patient } = await confirmFacts(doctor.party, { handle });
    const detail = `sealed to epoch ${patient?.epoch ?? 0}`;
    return { value: added, evidence: added.acknowledgement, detail };
  });
}

/** The sealed file lies before the former grantee, who tries every key that was ever released to them. */
async function opensNothing(
  runner: StepRunner,
  { patient, specialist }: Cast,
  { chart, added }: Former,
  name: string,
): Promise<void> {
  await runner.refused(step(name, 'beyond P2', specialist), ['SEAL_UNREADABLE'], async () => {
    const { handle } = chart;
    const own = await readChart(patient.party, { handle, purpose: 'PATRQT' });
    const listed = listedAs(own, added.record, added.version);
    const { sealed } = await fetchVersion(patient.party, own, listed);
    const file = await collectBytes(sealed.read());
    const keys = Array.from({ length: listed.epoch }, (_, past) => keyIn(chart, past + 1));
    const had = keys.filter((key) => key !== undefined);
    if (had.length === 0) throw new MedsealError('KEY_PENDING', {});
    return bytesToUtf8(await openBytes(had, file));
  });
}

function keyIn(chart: Chart, epoch: number): string | undefined {
  try {
    return chart.identityFor(epoch, CATEGORY);
  } catch (error) {
    if (isMedsealError(error, 'KEY_PENDING')) return undefined;
    throw error;
  }
}

async function give(
  { party: patient }: CastMember,
  { party }: CastMember,
  action: 'read' | 'add',
  howLong: number,
): Promise<GrantGiven> {
  return await grantRight(patient, {
    grantee: party.address,
    categories: [CATEGORY],
    actions: [action],
    purpose: PURPOSE,
    until: seconds(patient.clock) + howLong,
  });
}

async function look({ party }: CastMember, { grant }: GrantGiven): Promise<Chart> {
  return await readChart(party, { handle: grant.handle, grant, purpose: PURPOSE });
}

async function add(
  { party }: CastMember,
  { grant }: GrantGiven,
  text: string,
  amends?: LoggedVersion,
): Promise<LoggedVersion> {
  return await addRecord(party, {
    handle: grant.handle,
    category: CATEGORY,
    content: utf8ToBytes(text),
    purpose: PURPOSE,
    grant,
    ...(amends && { amends }),
  });
}

/** Waits until a second has begun. */
async function until({ party: { clock } }: CastMember, second: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(Math.max(0, second * 1000 - clock.now()), resolve);
  });
}

/** An agent whose files come with one bit flipped. */
function flipping(agent: AgentPort): AgentPort {
  const download: AgentPort['download'] = async function* flip(ticket, hash) {
    let flipped = false;
    for await (const piece of agent.download(ticket, hash)) {
      yield flipped ? piece : piece.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
      flipped = true;
    }
  };
  return new Proxy(agent, {
    get: (target, name) => (name === 'download' ? download : Reflect.get(target, name)),
  });
}

/** An agent that refuses what goes to the ledger, as one whose ledger stands still does; an end may wait for that. */
function withoutLedger(agent: AgentPort): AgentPort {
  const submit: AgentPort['submit'] = async (submissions) => {
    if (submissions.some(({ request }) => request.type === 'Revoke')) {
      throw new MedsealError('LEDGER_UNREACHABLE', {});
    }
    return await agent.submit(submissions);
  };
  return new Proxy(agent, {
    get: (target, name) => (name === 'submit' ? submit : Reflect.get(target, name)),
  });
}

function listedAs(chart: Chart, record: string, version: number): ChartRecord {
  const found = chart.records.find((each) => each.record === record && each.version === version);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record on the chart' });
  return found;
}
