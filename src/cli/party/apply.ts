import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { enrol } from '../../client/party/enrol.ts';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState, type PatientState } from '../../client/state/PatientState.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeKey } from '../../device/keystore.ts';
import type { PartyFacts } from '../../protocol/facts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import { findHome } from '../home/Home.ts';
import { chooseKey, keysOf, openKeyAt } from '../home/openVisitor.ts';
import { readPinnedNetwork } from '../readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import type { PARTY_APPLIED } from './partyAnswers.ts';

/** Number of epochs that a new patient commits to. */
const EPOCHS = 8;

/** Options of `medseal party apply`. */
export interface ApplyOptions extends VisitorOptions {
  readonly role: Role;
  readonly at: Organisation;
}

/**
 * Applies to the authority, and prepares a patient's first epochs.
 *
 * @param terminal - Shows the application and asks.
 * @param options - See `medseal party apply --help`.
 * @throws MedsealError `ENROLMENT_REFUSED`; `ARGUMENT_INVALID` if the party is something else already.
 */
export async function apply(
  terminal: Terminal,
  options: ApplyOptions,
): Promise<AnswerOf<typeof PARTY_APPLIED>> {
  const { role, at: organisation } = options;
  const home = findHome(options);
  const network = await readPinnedNetwork(options, home);
  requireMember(network, organisation);
  const key = chooseKey(await keysOf(home, network), options);
  const party = await openKeyAt(terminal, { home, network, key, organisation }, options);
  const { party: before } = await confirmFacts(party, { party: party.address });
  if (before === undefined) {
    await terminal.confirm([
      `You are about to sign, as ${key.name} (${party.address}):`,
      '',
      `  an application to become a ${role} of ${organisation}`,
      `  in the network ${network.networkId}`,
      `  with the recipient of your keys, ${party.recipient.slice(0, 24)}…`,
      '',
      'The authority sees it. Then the Registry shows your address, role and organisation to everyone.',
    ]);
    terminal.progress.stage('waiting for the authority');
    await enrol(party, { role, organisation });
  } else {
    requireSame(before, options);
    terminal.changing();
  }
  await writeKey(home.keystore, { ...key, role, organisation });
  if (role === 'patient') await preparePatient(terminal, party, options);
  const { party: facts } = await confirmFacts(party, { party: party.address });
  const { address } = party;
  const handle = facts?.handle;
  return {
    value: {
      name: key.name,
      address,
      role,
      organisation,
      already: before !== undefined,
      ...(handle && { handle }),
    },
    lines: [
      `${key.name} is ${before === undefined ? 'now' : 'already'} a ${role} of ${organisation}: ${address}`,
      ...(handle === undefined ? [] : [`The chart is ${handle}.`]),
      `Next: ${calledAs(`${role === 'patient' ? 'patient' : 'party'} card --as ${key.name}`)}`,
    ],
  };
}

function requireMember({ authority }: NetworkFile, organisation: Organisation): void {
  const names = authority.members.map((member) => member.organisation);
  if (names.includes(organisation)) return;
  const reason = `the network has no organisation ${organisation}; it has ${names.join(', ')}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--at', reason });
}

function requireSame(before: PartyFacts, { role, at }: ApplyOptions): void {
  if (before.role === role && before.organisation === at) return;
  const reason = `the party is already a ${before.role} of ${before.organisation}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--role', reason });
}

/** Resumes an interrupted enrolment, until the device knows its chart and the chart has an epoch. */
async function preparePatient(
  terminal: Terminal,
  party: Party,
  options: ApplyOptions,
): Promise<void> {
  terminal.progress.stage('preparing the keys of the first epochs');
  const { handle } = await readPatientState(party).catch(async (error: unknown) => {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    return await regained(party, options);
  });
  const { patient } = await confirmFacts(party, { handle });
  if ((patient?.epoch ?? 0) === 0) await commitEpochs(party, EPOCHS);
}

/** Restores the state that nodes keep; without one, asks again for the authority's answer, which was lost. */
async function regained(
  party: Party,
  { role, at: organisation }: ApplyOptions,
): Promise<PatientState> {
  try {
    return (await restorePatient(party)).state;
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    await enrol(party, { role, organisation });
    return await readPatientState(party);
  }
}
