import { utf8ToBytes } from '../../crypto/bytes.ts';
import { deriveName } from '../../crypto/keys/deriveName.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { ClaimFacts, InsuranceClaim, WithdrawClaim } from '../../protocol/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { ClaimType, Messages } from '../../protocol/requests.ts';
import { isFinalRefusal } from '../agent/isFinalRefusal.ts';
import { sendLetter } from '../letters/letters.ts';
import type { Party } from '../party/Party.ts';
import { submitCare } from '../prescriptions/submitCare.ts';
import type { ClaimEvidence, ClaimStepTold } from './ClaimTold.ts';
import { signForClaim, type HeldAccount } from './claimAccount.ts';
import { evidencePieces } from './evidencePieces.ts';
import { awaitClaim, confirmClaim } from './confirmClaim.ts';

type StepType = Exclude<ClaimType, 'InsuranceClaim'>;

/** A step of a claim to be taken. */
export interface ClaimStepWanted<Type extends StepType> {
  readonly type: Type;
  /** Values that tell it from another step: a repeat with the same is the same step. */
  readonly values: object;
  /** True if the claim, after further steps, is so that the same values can be meant as a new step. */
  readonly canBeNew: (facts: ClaimFacts) => boolean;
  /** Tells, for a device that does not remember it, whether the ledger has this very step. */
  readonly wasTaken?: (facts: ClaimFacts) => boolean | Promise<boolean>;
  /** True to take it once more, though the same was done before. */
  readonly again?: boolean;
  /** Makes the step; not called for a repeat. */
  readonly make: () => ClaimStepMade<Type> | Promise<ClaimStepMade<Type>>;
}

/** A step of a claim that was made, and is not signed yet. */
export interface ClaimStepMade<Type extends StepType> {
  readonly claim: InsuranceClaim;
  /** Makes the message, from what every step has. */
  readonly message: (common: Pick<WithdrawClaim, 'claim' | 'step' | 'deadline'>) => Messages[Type];
  /** Proofs that go along. */
  readonly along?: Pick<Submission, 'entries' | 'openings'>;
  /** Key of the account that acts on the ledger, if it does not follow from the party's. */
  readonly key?: HeldAccount;
  readonly resource?: object;
  /** Parties to be told; the evidence goes to the verifier alone. */
  readonly tells: readonly Address[];
  readonly verifier?: { readonly address: Address; readonly evidence: ClaimEvidence };
  /** Findings that the step rests on, for its repeats. */
  readonly note?: object;
}

/** A step of a claim that the ledger took. */
export interface ClaimStepDone {
  readonly digest: Bytes32;
  /** The claim as it is now. */
  readonly facts: ClaimFacts;
  /** True if the ledger had this step already: it was asked for again, or an earlier run was cut off. */
  readonly already: boolean;
}

/** The last step of a party for a claim, as its device remembers it. */
interface Kept extends Pick<ClaimStepMade<StepType>, 'note'> {
  readonly values: string;
  /** Number of the step. */
  readonly step: number;
  /** A step that was signed, and may have been sent; absent once all is done. */
  readonly sent?: {
    readonly submission: Submission;
  } & Pick<ClaimStepMade<StepType>, 'resource' | 'tells' | 'verifier'>;
}

/** Seconds in which the ledger takes a step. */
const WAIT = 300;

/**
 * Takes a step of a claim, and tells the other side in a letter. Run again with the same values, after a crash, a lost answer
 * or its success, it is taken once.
 *
 * @param party - Party that takes it.
 * @param digest - The claim.
 * @param wanted - The step.
 * @throws MedsealError `RULE_REFUSED` with the contract's reason, such as `StateUnfit`, `StepUnexpected`, `TermLapsed`,
 * then nothing was done; `RIGHT_MISSING`, `NOT_FOUND`, `RULE_UNCONFIRMED`.
 */
export async function takeClaimStep<Type extends StepType>(
  party: Party,
  digest: Bytes32,
  wanted: ClaimStepWanted<Type>,
): Promise<ClaimStepDone & Pick<Kept, 'note'>> {
  const name = `claim-taken-${deriveName(party.keys.seed(), utf8ToBytes(digest))}`;
  const { type, again = false } = wanted;
  const values = canonicalJson({ type, again, ...wanted.values });
  const before = (await party.device.read(name)) as Kept | null | undefined;
  const isSame = before?.values === values;
  if (isSame && before.sent && (await wasPlaced(party, before.sent.submission))) {
    return { ...(await finish(before, before.sent)), already: true };
  }
  const facts = await confirmClaim(party, digest);
  const isDone = isSame && !before.sent && (facts.step === before.step || !wanted.canBeNew(facts));
  if (!again && (isDone || (await wanted.wasTaken?.(facts)) === true)) {
    return { digest, facts, already: true, ...(isDone && before.note && { note: before.note }) };
  }
  const { claim, along, key, message: fill, note, ...told } = await wanted.make();
  const deadline = seconds(party.clock) + WAIT;
  const step = facts.step + 1;
  const message = fill({ claim: digest, step, deadline });
  const signed = signForClaim(party, claim, type, message, key);
  const sent = { submission: { ...signed, claim, ...along }, ...told };
  const kept = { values, step, ...(note && { note }) };
  await party.device.write(name, { ...kept, sent });
  await submitCare(party, sent.submission).catch(async (error: unknown) => {
    if (isFinalRefusal(error)) await party.device.write(name, before?.sent ? null : before);
    throw error;
  });
  return { ...(await finish(kept, sent)), already: false };

  async function finish(
    { sent: _sent, ...done }: Kept,
    { submission, resource, tells, verifier }: NonNullable<Kept['sent']>,
  ): Promise<Omit<ClaimStepDone, 'already'> & Pick<Kept, 'note'>> {
    const now = await awaitClaim(party, digest, (each) => each.step >= done.step);
    const letter = {
      request: submission.request as ClaimStepTold['request'],
      ...(resource && { resource }),
    };
    const pieces = verifier === undefined ? [] : evidencePieces(verifier.evidence);
    const letters = [
      ...pieces.map((evidence) => [verifier?.address, { ...letter, evidence }] as const),
      ...tells.map((to) => [to, letter] as const),
    ];
    const failures: unknown[] = [];
    // A side whose mailbox is full keeps nobody else from being told.
    for (const [to, claimStep] of letters) {
      if (to === undefined) continue;
      await sendLetter(party, to, { claimStep }).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw toMedsealError(failures[0]);
    await party.device.write(name, done);
    return { digest, facts: now, ...(done.note && { note: done.note }) };
  }
}

/**
 * Sends a step that was signed before again: the ledger has it, or never will.
 *
 * @param party - Party that asks.
 * @param submission - A step that is not the claim's next one, or one that is to be taken.
 * @throws MedsealError if the answer does not tell.
 */
export async function wasPlaced(party: Party, submission: Submission): Promise<boolean> {
  try {
    await submitCare(party, submission);
    return true;
  } catch (error) {
    if (isFinalRefusal(error)) return false;
    throw error;
  }
}
