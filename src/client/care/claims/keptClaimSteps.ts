import { canonicalHash } from '../../../protocol/wire/canonicalHash.ts';
import type { ClaimDecision, DisputeClaim } from '../../../protocol/care/claims.ts';
import { ADDRESS, BYTES32 } from '../../../protocol/wire/findShapeError.ts';
import type { Address, Bytes32 } from '../../../protocol/ids.ts';
import { isClaimSide } from '../../../protocol/care/isClaimSide.ts';
import { parseMessage, parseSigned } from '../../../protocol/struct/parseSigned.ts';
import { isOfShape } from '../../../protocol/wire/isOfShape.ts';
import { signedShapes } from '../../../protocol/shapes/messageShape.ts';
import { RESOURCE } from '../../../protocol/shapes/resourceShape.ts';
import { shapeOfType } from '../../../protocol/shapes/shapeOfType.ts';
import { digestOf, signerOf } from '../../../protocol/struct/signing.ts';
import { unlessMalformed } from '../../../protocol/wire/unlessMalformed.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { confirmSigner, type SignedIn } from '../../audit/confirmSigner.ts';
import type { LetterKind } from '../../letters/LetterKind.ts';
import { DeviceBook, fairly } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';
import type { ClaimEvidence, ClaimTold } from '../../letters/ClaimTold.ts';
import { joinedEvidence } from './evidencePieces.ts';
import type { ClaimKnown } from './knownClaims.ts';

/** A piece of evidence, as a letter has it. */
const PIECE = { at: 'count', of: 'count', text: /^[A-Za-z0-9+/=]{1,36000}$/ } as const;
const STEPS = [
  'ClaimDecision',
  'ClaimSupplement',
  'WithdrawClaim',
  'DisputeClaim',
  'ClaimJudgement',
] as const;

const TOLD = new DeviceBook({
  name: 'claim-steps',
  shape: shapeOfType<ClaimTold>('ClaimTold')({
    claim: BYTES32,
    from: ADDRESS,
    request: signedShapes(STEPS),
    'resource?': RESOURCE,
    'evidence?': PIECE,
  }),
  keyOf: ({ request, evidence }) => `${request.signature}/${evidence?.at ?? ''}`,
  most: 512,
  // Nobody can fill the device so that the letters of others find no room.
  within: fairly(128, ({ from }) => from, byAge),
});

/**
 * Returns the steps of claims of which others told this device.
 *
 * @param party - Claimant, patient, insurer or verifier.
 * @example
 * ```ts
 * const told = await claimsTold(insurer);
 * console.log(`steps of ${new Set(told.map(({ claim }) => claim)).size} claims`);
 * ```
 */
export async function claimsTold(party: Party): Promise<readonly ClaimTold[]> {
  return await TOLD.read(party);
}

/**
 * Returns the steps of one claim of which others told this device, each of the side that takes it, in the order of their
 * numbers: letters of two organisations can arrive in another one.
 *
 * @param party - Claimant, patient or insurer.
 * @param known - The claim.
 * @example
 * ```ts
 * const known = await requireKnownClaim(insurer, digest);
 * for (const { request } of await stepsTold(insurer, known)) console.log(request.type);
 * ```
 */
export async function stepsTold(
  party: Party,
  { digest, message }: ClaimKnown,
): Promise<readonly ClaimTold[]> {
  const told = (await claimsTold(party)).filter(({ claim, request }) => {
    return claim === digest && isClaimSide(message, request);
  });
  return told.toSorted((a, b) => a.request.message.step - b.request.message.step);
}

/**
 * A step of a claim: its author signed it with the key of the letter, or with a former one before the ledger took it; the
 * resource is the one that it names. Only `confirmClaim` tells if the ledger took it.
 */
export const CLAIM_STEP_LETTER: LetterKind = {
  field: 'claimStep',
  proofs: { request: 'sender', resource: 'hash', evidence: 'sender' },
  take: async (party, { from, signer, content }) => {
    const told = stepIn(party, content.claimStep);
    if (told?.request.party !== from) return 'refused';
    const { type, message, signature } = told.request;
    const key = unlessMalformed(() => signerOf(party, type, message, signature));
    if (key === undefined) return 'refused';
    // The sender may have changed the key between the step and its letter: then the ledger must have the step.
    if (key !== signer && !(await isOfBefore(party, told, { name: from, signer: key })))
      return 'refused';
    await keepStep(party, { ...told, from });
    return { claimSteps: 1 };
  },
};

/** Tells whether a former key of the sender signed a step that the ledger took. */
async function isOfBefore(
  party: Party,
  { request: { type, message } }: Pick<ClaimTold, 'request'>,
  asked: SignedIn,
): Promise<boolean> {
  if ((await confirmSigner(party, asked)) !== 'former') return false;
  const { taken } = await confirmFacts(party, { taken: { type, message } });
  return taken === true;
}

/**
 * Stores the step that another device of the party was told, and took: the note is signed by the party's own key.
 *
 * @param party - The reader.
 * @param text - Canonical JSON of the step; not trusted.
 */
export async function takeNotedStep(party: Party, text: string): Promise<void> {
  const told = stepIn(
    party,
    unlessMalformed<unknown>(() => JSON.parse(text)),
  );
  if (told !== undefined) await keepStep(party, { ...told, from: told.request.party });
}

/** Steps as a device tells them to the others of its party, the newest first, alike on every device. */
export async function stepsToShare(party: Party): Promise<readonly ClaimTold[]> {
  return (await claimsTold(party)).toSorted((one, other) => byAge(other, one));
}

async function keepStep(party: Party, told: ClaimTold): Promise<void> {
  await TOLD.merge(party, told, (known) => (known === undefined ? told : undefined));
}

/** By what their authors signed, so that the devices of a party come to the same end. */
function byAge(one: ClaimTold, other: ClaimTold): number {
  const [left, right] = [one, other].map(({ request, evidence }) => {
    const { signature, message } = request;
    return { at: message.deadline, step: message.step, name: `${signature}/${evidence?.at ?? 0}` };
  });
  if (left === undefined || right === undefined) return 0;
  const later = left.at - right.at || left.step - right.step;
  return later || (left.name < right.name ? -1 : Number(left.name > right.name));
}

function stepIn(party: Party, offered: unknown): Omit<ClaimTold, 'from'> | undefined {
  try {
    const { request: given, resource, evidence } = offered as ClaimTold;
    const request = parseSigned(given, STEPS);
    const { claim } = request.message;
    const { terms } = request.message as Partial<ClaimDecision>;
    if (resource !== undefined && hashOf(party, resource) !== terms?.content) return undefined;
    if (evidence !== undefined && !isOfShape(PIECE, evidence)) return undefined;
    return { claim, request, ...(resource && { resource }), ...(evidence && { evidence }) };
  } catch {
    return undefined;
  }
}

/** A dispute of which this device was told, with its evidence. */
export interface DisputeTold {
  readonly from: Address;
  readonly message: DisputeClaim;
  readonly evidence: ClaimEvidence;
}

/**
 * Returns the disputes of a claim whose whole evidence came to this device, the last one at the end. Claim and bill are the
 * ones that the claim names; the acknowledgements are verified by whoever judges.
 *
 * @param party - A verifier.
 * @param digest - The claim.
 * @example
 * ```ts
 * for (const { from, message } of await disputesTold(auditor, digest)) {
 *   console.log(`${from} disputes it: ${message.terms.reason}`);
 * }
 * ```
 */
export async function disputesTold(party: Party, digest: Bytes32): Promise<readonly DisputeTold[]> {
  const told = (await claimsTold(party)).filter(({ claim, request }) => {
    return claim === digest && request.type === 'DisputeClaim';
  });
  const byDispute = Map.groupBy(told, ({ request }) => request.signature);
  return [...byDispute.values()].flatMap((letters) => {
    const evidence = evidenceIn(party, digest, letters);
    const [first] = letters;
    if (first === undefined || evidence === undefined) return [];
    // Anybody can write to a verifier.
    if (!isClaimSide(evidence.message, first.request)) return [];
    return [{ from: first.from, message: first.request.message as DisputeClaim, evidence }];
  });
}

function evidenceIn(
  party: Party,
  digest: Bytes32,
  letters: readonly ClaimTold[],
): ClaimEvidence | undefined {
  try {
    const given = joinedEvidence(letters.flatMap(({ evidence }) => evidence ?? []));
    if (given === undefined) return undefined;
    const { claim, bill, entries } = given;
    const message = parseMessage('InsuranceClaim', given.message);
    const isOf =
      digestOf(party, 'InsuranceClaim', message) === digest &&
      hashOf(party, claim) === message.terms.content &&
      hashOf(party, bill) === message.terms.bill;
    return isOf && Array.isArray(entries) ? { message, claim, bill, entries } : undefined;
  } catch {
    return undefined;
  }
}

function hashOf({ primitives }: Party, resource: object): string {
  return canonicalHash(primitives, resource);
}
