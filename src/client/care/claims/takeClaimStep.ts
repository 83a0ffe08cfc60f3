import { utf8ToBytes } from '../../../crypto/bytes.ts';
import { toMedsealError } from '../../../errors/toMedsealError.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { ClaimFacts, InsuranceClaim, WithdrawClaim } from '../../../protocol/care/claims.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../../protocol/ids.ts';
import type { ClaimType, Messages } from '../../../protocol/struct/requests.ts';
import { doOnce } from '../../agent/doOnce.ts';
import { sendLetter } from '../../letters/letters.ts';
import { nameOnDevice } from '../../party/nameOnDevice.ts';
import type { Party } from '../../party/Party.ts';
import { submitCare } from '../prescriptions/submitCare.ts';
import type { ClaimEvidence, ClaimStepTold } from '../../letters/ClaimTold.ts';
import { signForClaim } from './claimAccount.ts';
import { drawnFor } from './drawnFor.ts';
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
  readonly resource?: object;
  /** Parties to be told. */
  readonly tells: readonly Address[];
  /** Evidence for the verifiers, which goes to them alone, once they are drawn. */
  readonly evidence?: ClaimEvidence;
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

/** The last step of a party for a claim, as its device remembers it once all is done. */
interface Kept extends Pick<ClaimStepMade<StepType>, 'note'> {
  readonly values: string;
  /** Number of the step. */
  readonly step: number;
  /** A dispute whose verifiers have yet to be drawn, and get the evidence. */
  readonly owed?: Required<Pick<Sent, 'submission' | 'evidence'>>;
}

/** A step that was signed, and may have been sent. */
interface Sent extends Pick<ClaimStepMade<StepType>, 'resource' | 'tells' | 'evidence' | 'note'> {
  readonly submission: Submission;
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
 * then nothing was done; `EARLIER_STANDS` if one of other values that was cut off is on the ledger, then this one is not; `NOT_YET`
 * while that one may still get there; `RIGHT_MISSING`, `NOT_FOUND`, `RULE_UNCONFIRMED`.
 */
export async function takeClaimStep<Type extends StepType>(
  party: Party,
  digest: Bytes32,
  wanted: ClaimStepWanted<Type>,
): Promise<ClaimStepDone & Pick<Kept, 'note'>> {
  const name = nameOfStep(party, digest);
  const { type } = wanted;
  const values = canonicalJson({ type, ...wanted.values });
  const { done, already } = await doOnce<Sent, Omit<ClaimStepDone, 'already'> & Pick<Kept, 'note'>>(
    party,
    {
      name,
      values,
      before: async () => {
        const known = (await party.device.read(name)) as Kept | null | undefined;
        const facts = await confirmClaim(party, digest);
        const isDone =
          known?.values === values && (facts.step === known.step || !wanted.canBeNew(facts));
        if (!isDone && (await wanted.wasTaken?.(facts)) !== true) return undefined;
        return { digest, facts, ...(isDone && known.note && { note: known.note }) };
      },
      sign: async () => {
        const { step } = await confirmClaim(party, digest);
        const { claim, along, message: fill, ...told } = await wanted.make();
        const deadline = seconds(party.clock) + WAIT;
        const message = fill({ claim: digest, step: step + 1, deadline });
        const signed = signForClaim(party, claim, type, message);
        return { submission: { ...signed, claim, ...along }, ...told };
      },
      describe: (sent) => `${sent.submission.request.type} of claim ${digest}`,
      send: async ({ submission }) => await submitCare(party, submission),
      placed: (sent) => {
        const { type: of, message } = stepIn(sent);
        return {
          query: { claim: digest, taken: { type: of, message } },
          deadline: message.deadline,
          isIn: (facts) => facts.taken === true,
          isOver: (facts) => facts.claim !== undefined && facts.claim.step >= message.step,
        };
      },
      finish: async (sent) => {
        const { step } = stepIn(sent).message;
        const facts = await awaitClaim(party, digest, (each) => each.step >= step);
        await tell(party, sent);
        await showEvidence(party, sent, facts);
        const { note, submission, evidence } = sent;
        const owed = evidence && facts.state === 'disputed' && { owed: { submission, evidence } };
        const kept = { values, step, ...(note && { note }), ...owed };
        await party.device.write(name, kept satisfies Kept);
        return { digest, facts, ...(note && { note }) };
      },
    },
  );
  return { ...done, already };
}

/**
 * Sends the evidence of a dispute of one's own to the verifiers, once they are drawn.
 *
 * @param party - Side of the claim that disputed it.
 * @param digest - The claim.
 * @param facts - The claim as it is now.
 * @throws MedsealError as `sendLetter`.
 */
export async function sendEvidence(
  party: Party,
  digest: Bytes32,
  facts: ClaimFacts,
): Promise<void> {
  const name = nameOfStep(party, digest);
  const known = (await party.device.read(name)) as Kept | null | undefined;
  if (facts.state !== 'drawn' || !known?.owed) return;
  const { owed, ...done } = known;
  await showEvidence(party, owed, facts);
  await party.device.write(name, done);
}

function nameOfStep(party: Party, digest: Bytes32): string {
  return `claim-taken-${nameOnDevice(party, utf8ToBytes(digest))}`;
}

function stepIn({ submission }: Pick<Sent, 'submission'>): ClaimStepTold['request'] {
  return submission.request as ClaimStepTold['request'];
}

/** Tells the other sides of a step. */
async function tell(party: Party, sent: Sent): Promise<void> {
  const { resource, tells } = sent;
  const letter = { request: stepIn(sent), ...(resource && { resource }) };
  await sendAll(
    party,
    tells.map((to) => [to, letter]),
  );
}

async function showEvidence(
  party: Party,
  sent: Pick<Sent, 'submission' | 'evidence'>,
  facts: ClaimFacts,
): Promise<void> {
  const { evidence } = sent;
  if (evidence === undefined || facts.state !== 'drawn') return;
  const request = stepIn(sent);
  const pieces = evidencePieces(evidence);
  const verifiers = await drawnFor(party, evidence.message, facts);
  await sendAll(
    party,
    verifiers.flatMap((to) => pieces.map((each) => [to, { request, evidence: each }] as const)),
  );
}

/** A side whose mailbox is full keeps nobody else from being told. */
async function sendAll(
  party: Party,
  letters: readonly (readonly [Address, ClaimStepTold])[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const [to, claimStep] of letters) {
    // The evidence of a dispute goes in several letters.
    const along = claimStep.evidence === undefined ? { step: claimStep.request } : {};
    const sending = sendLetter(party, to, { claimStep }, along);
    await sending.catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw toMedsealError(failures[0]);
}
