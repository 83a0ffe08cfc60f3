import { utf8ToBytes } from '../../crypto/bytes.ts';
import { deriveName } from '../../crypto/keys/deriveName.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { ClaimFacts, WithdrawClaim } from '../../protocol/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { ClaimType, Messages } from '../../protocol/requests.ts';
import { sign } from '../../protocol/signing.ts';
import { isFinalRefusal } from '../agent/isFinalRefusal.ts';
import { sendLetter } from '../letters/letters.ts';
import type { Party } from '../party/Party.ts';
import { submitCare } from '../prescriptions/submitCare.ts';
import type { ClaimEvidence, ClaimStepTold } from './ClaimTold.ts';
import { awaitClaim, confirmClaim } from './confirmClaim.ts';
import type { ClaimKnown } from './knownClaims.ts';

/** A step of a claim to be taken. */
export interface ClaimStepWanted<Type extends Exclude<ClaimType, 'InsuranceClaim'>> {
  readonly type: Type;
  /** Values that tell it from another step: a repeat with the same is the same step. */
  readonly values: object;
  /** Makes the message, from what every step has. */
  readonly message: (common: Pick<WithdrawClaim, 'claim' | 'step' | 'deadline'>) => Messages[Type];
  readonly along?: Pick<Submission, 'entries' | 'openings' | 'cosignature'>;
  readonly resource?: object;
  /** Parties to be told; the evidence goes to the verifier alone. */
  readonly tells: readonly Address[];
  readonly verifier?: { readonly address: Address; readonly evidence: ClaimEvidence };
}

/** A step of a claim that the ledger took. */
export interface ClaimStepDone {
  readonly digest: Bytes32;
  /** The claim after it. */
  readonly facts: ClaimFacts;
  /** True if an earlier run was cut off, and this is its step. */
  readonly already: boolean;
}

/** A step that was signed, and may have been sent. */
interface Sent {
  readonly values: string;
  readonly submission: Submission;
  readonly resource?: object;
}

/** Seconds in which the ledger takes a step. */
const WAIT = 300;

/**
 * Takes a step of a claim, and tells the other side in a letter. Run again after a crash or a lost answer with the same
 * values, it is taken once.
 *
 * @param party - Party that takes it.
 * @param claim - The claim.
 * @param wanted - The step.
 * @throws MedsealError `RULE_REFUSED` with the contract's reason, such as `StateUnfit`, `StepUnexpected`, `TermLapsed`,
 * then nothing was done; `RIGHT_MISSING`, `NOT_FOUND`, `RULE_UNCONFIRMED`.
 */
export async function takeClaimStep<Type extends Exclude<ClaimType, 'InsuranceClaim'>>(
  party: Party,
  { digest, message: claim }: ClaimKnown,
  wanted: ClaimStepWanted<Type>,
): Promise<ClaimStepDone> {
  const name = `claim-step-${deriveName(party.keys.seed(), utf8ToBytes(digest))}`;
  const values = canonicalJson({ type: wanted.type, ...wanted.values });
  const before = (await party.device.read(name)) as Sent | null | undefined;
  if (before?.values === values && (await wasPlaced(party, before.submission))) {
    return { ...(await finish(before)), already: true };
  }
  const { step } = await confirmClaim(party, digest);
  const deadline = seconds(party.clock) + WAIT;
  const message = wanted.message({ claim: digest, step: step + 1, deadline });
  const request = sign(party, party, wanted.type, message) as Submission['request'];
  const submission = { request, claim, ...wanted.along };
  const sent = { values, submission, ...(wanted.resource && { resource: wanted.resource }) };
  await party.device.write(name, sent);
  await submitCare(party, submission).catch(async (error: unknown) => {
    if (isFinalRefusal(error)) await party.device.write(name, null);
    throw error;
  });
  return { ...(await finish(sent)), already: false };

  async function finish(done: Sent): Promise<Omit<ClaimStepDone, 'already'>> {
    const taken = done.submission.request.message as WithdrawClaim;
    const facts = await awaitClaim(party, digest, (each) => each.step >= taken.step);
    const told = {
      request: done.submission.request as ClaimStepTold['request'],
      ...(done.resource && { resource: done.resource }),
    };
    const { verifier, tells } = wanted;
    for (const to of tells) await sendLetter(party, to, { claimStep: told });
    if (verifier !== undefined) {
      const { address, evidence } = verifier;
      await sendLetter(party, address, { claimStep: { ...told, evidence } });
    }
    await party.device.write(name, null);
    return { digest, facts };
  }
}

/** Sends a step of an earlier run again: the ledger has it, or never will. */
async function wasPlaced(party: Party, submission: Submission): Promise<boolean> {
  try {
    await submitCare(party, submission);
    return true;
  } catch (error) {
    if (isFinalRefusal(error)) return false;
    throw error;
  }
}
