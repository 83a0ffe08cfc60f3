import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { askRecovery } from '../../src/client/recovery/askRecovery.ts';
import { carryRecovery } from '../../src/client/recovery/carryRecovery.ts';
import { finishRecovery } from '../../src/client/recovery/finishRecovery.ts';
import { recoveryWords } from '../../src/client/recovery/recoveryWords.ts';
import { signRecovery } from '../../src/client/recovery/signRecovery.ts';
import { vetoRecovery } from '../../src/client/recovery/vetoRecovery.ts';
import { acceptRecipient } from '../../src/client/rights/acceptRecipient.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { verifyReceipt } from '../../src/protocol/evidence/verifyReceipt.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { changeDelayOf } from '../../src/protocol/network/changeDelayOf.ts';
import { recipientHash } from '../../src/protocol/rights/recipientHash.ts';
import type { CastMember, CustodyCast } from './Cast.ts';
import { missing } from './chartLetters.ts';
import { finishedRecovery, newKeyOf } from './finishedRecovery.ts';
import type { PassTime } from './HeldClock.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';
import { askTakeover } from './takeoverScenario.ts';

const PAPER = 'lost key';
const MONTH = 30 * 86_400;

/** The doctor who lost a key, the right that the key signed by, and the new key. */
interface Lost {
  readonly locum: CastMember;
  readonly adding: GrantGiven;
  /** Nobody enrolled it. */
  readonly guest: Party;
  readonly authority: readonly AuthorityKey[];
}

/**
 * Plays a lost key: the authority begins to give the party another one, the former key stops it, and after the delay of a second time
 * the new key signs. Without days to pass it ends when the former key stopped it, and everything is as before.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices; the locum loses the key.
 * @param authority - Keys of k members at least.
 * @param passTime - Lets days pass; what needs them is left out if absent.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function recoveryScenario(
  runner: StepRunner,
  cast: CustodyCast & { readonly locum: CastMember },
  authority: readonly AuthorityKey[],
  passTime?: PassTime,
): Promise<void> {
  const { son, locum } = cast;
  const { address } = locum.party;
  // An earlier run may have been cut off in the delay.
  if (await isPending(locum.party)) await vetoRecovery(locum.party);
  const { adding, before } = await runner.accepted(
    stepOf('The son lets a locum add vital signs, who adds some', PAPER, locum),
    async () => {
      const until = seconds(son.party.clock) + MONTH;
      const terms = { categories: ['vitals'], actions: ['read', 'add'], purpose: 'TREAT' } as const;
      const given = await grantRight(son.party, { grantee: address, ...terms, until });
      const note = await addNote(locum.party, given);
      const value = { adding: given, before: note };
      return { value, txHash: given.placed.transaction, evidence: note.acknowledgement };
    },
  );
  const lost: Lost = { locum, adding, guest: await newKeyOf(locum.party), authority };
  await runner.refused(
    stepOf(
      'The son asks for what opens a chart after a recovery, though he lost nothing',
      PAPER,
      son,
    ),
    ['RIGHT_MISSING'],
    async () => await askTakeover(son.party, adding.grant.handle),
  );
  await beginAndStop(runner, cast, lost);
  if (passTime !== undefined) await finish(runner, cast, { ...lost, before, passTime });
}

async function beginAndStop(runner: StepRunner, cast: CustodyCast, lost: Lost): Promise<void> {
  const { locum, adding, guest, authority } = lost;
  const { party } = locum;
  const file = await runner.accepted(
    stepOf('With a new key, somebody asks for the locum’s party', PAPER, locum),
    async () => {
      const value = await askRecovery(guest, { party: party.address });
      const detail = `${recoveryWords(guest, value.message).length} words to read to the authority`;
      return { value, detail };
    },
  );
  const byAuthority = { paper: PAPER, party: 'authority' };
  await runner.refused(
    { ...byAuthority, name: 'One member of the authority too few signs' },
    ['SIGNATURE_INVALID'],
    async () => {
      const few = authority.slice(0, party.network.authority.threshold - 1);
      return await carryRecovery(guest, signRecovery(guest, file, few).file);
    },
  );
  const signed = await runner.accepted(
    { ...byAuthority, name: 'Enough members sign, and the delay begins' },
    async () => {
      const { file: value } = signRecovery(guest, file, authority);
      const { transaction, readyAt } = await carryRecovery(guest, value);
      const detail = `it takes effect at ${new Date(readyAt * 1000).toISOString()}`;
      return { value, txHash: transaction, detail };
    },
  );
  await runner.refused(
    stepOf('The new key signs for the locum before the delay is over', PAPER, locum),
    ['SIGNATURE_INVALID'],
    async () => await addNote({ ...guest, address: party.address }, adding),
  );
  await runner.accepted(
    stepOf('The locum’s own device is told of it, and goes on', PAPER, locum),
    async () => {
      if (!(await isPending(party))) throw missing('recovery');
      const { acknowledgement } = await addNote(party, adding);
      return { value: undefined, evidence: acknowledgement };
    },
  );
  await runner.refused(
    stepOf('Another doctor stops it', PAPER, cast.doctor),
    ['RULE_REFUSED'],
    async () => await vetoRecovery(cast.doctor.party),
  );
  await runner.accepted(
    stepOf('The locum stops it with the former key', PAPER, locum),
    async () => {
      const { transaction } = await vetoRecovery(party);
      return { value: undefined, txHash: transaction };
    },
  );
  await runner.accepted(
    stepOf('The same signatures, sent again, begin nothing', PAPER, locum),
    async () => {
      const { message, signatures, newSignature } = signed;
      // A repeat gets the original answer.
      await guest.agent.recover({ message, signatures, newSignature });
      const { state } = await finishRecovery(guest, signed);
      if (state !== 'stopped' || (await isPending(party))) throw missing('end of the recovery');
      return { value: undefined, detail: `the recovery is ${state}` };
    },
  );
  await runner.refused(
    stepOf('The locum stops what nobody began', PAPER, locum),
    ['RULE_REFUSED'],
    async () => await vetoRecovery(party),
  );
}

async function finish(
  runner: StepRunner,
  { son }: CustodyCast,
  {
    locum,
    adding,
    guest,
    authority,
    before,
    passTime,
  }: Lost & { readonly before: LoggedVersion; readonly passTime: PassTime },
): Promise<void> {
  const { party } = locum;
  const by = (name: string): ReturnType<typeof stepOf> => stepOf(name, PAPER, locum);
  // Nothing that was acknowledged waits for its checkpoint while days pass.
  const early = await fetchReceipt(son.party, before.acknowledgement);
  const file = await runner.accepted(
    by('The locum lost key and words, and asks once more; enough members sign'),
    async () => {
      const asked = await askRecovery(guest, { party: party.address });
      const { file: value } = signRecovery(guest, asked, authority);
      const { transaction } = await carryRecovery(guest, value);
      return { value, txHash: transaction };
    },
  );
  passTime(changeDelayOf(party.network));
  const renewed = await runner.accepted(
    by('After the delay nodes finish it, and the new key is the locum’s'),
    async () => ({
      value: await finishedRecovery(guest, file),
      detail: 'the same address and role',
    }),
  );
  await runner.refused(
    by('Somebody who found the old device signs with the lost key'),
    ['SIGNATURE_INVALID'],
    async () => await addNote(party, adding),
  );
  await runner.refused(
    by('The lost key stops what is finished'),
    ['SIGNATURE_INVALID'],
    async () => await vetoRecovery(party),
  );
  const after = await runner.accepted(
    by('The son compares the new key and accepts it; the locum adds a note'),
    async () => {
      const fingerprint = recipientHash(renewed.primitives, renewed.recipient);
      await acceptRecipient(son.party, { grantee: renewed.address, fingerprint });
      const note = await addNote(renewed, adding);
      return { value: note, evidence: note.acknowledgement };
    },
  );
  const late = await fetchReceipt(son.party, after.acknowledgement);
  await runner.accepted(by('Evidence of both keys verifies offline'), async () => {
    const { domain, primitives, network } = son.party;
    for (const receipt of [early, late]) verifyReceipt({ domain, primitives }, network, receipt);
    return await Promise.resolve({ value: undefined, detail: 'with network.json alone' });
  });
  await runner.refused(
    by('The late receipt is shown with another authority'),
    ['EVIDENCE_INVALID'],
    async () => {
      const { network } = son.party;
      const [member] = network.authority.members;
      const members = member === undefined ? [] : [{ ...member, address: son.party.address }];
      const other = { ...network, authority: { ...network.authority, threshold: 1, members } };
      await Promise.resolve(verifyReceipt(son.party, other, late));
    },
  );
}

async function isPending(party: Party): Promise<boolean> {
  const { party: facts } = await confirmFacts(party, { party: party.address });
  return facts?.recovery !== undefined;
}

async function addNote(party: Party, { grant }: GrantGiven): Promise<LoggedVersion> {
  const { handle, terms } = grant;
  const content = utf8ToBytes('Pulse 72.');
  return await addRecord(party, {
    handle,
    category: 'vitals',
    content,
    purpose: terms.purpose,
    grant,
  });
}
