import { MedsealError } from '../../errors/MedsealError.ts';
import { domainOf } from '../struct/domainOf.ts';
import type { Hex } from '../ids.ts';
import { coordinatorsIn, organisationName } from '../network/networkLookups.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { officeChangesOf } from '../network/officeChangesOf.ts';
import type { Messages } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';
import { stakeChangesOf } from '../network/stakeChangesOf.ts';
import { removalOffice } from '../network/removedKey.ts';
import { replacedKeyOf, replacementOffices } from '../network/replacedKeyOf.ts';
import type { SignedRule, Successor } from '../network/Successor.ts';

/** Changes at the ledger that belong to a successor. */
type RuleType = 'OfficeChange' | 'StakeChange' | 'KeyReplacement' | 'KeyRemoval';

/**
 * Requires that the changes at the ledger which belong to a successor are all there, and that those whose offices they
 * change have signed them. The successor's own signatures do not cover them: whoever carries it from one node to another
 * could leave them out or put others in their place.
 *
 * @param context - Hashes and the curve.
 * @param predecessor - The file before, trusted.
 * @param network - The file that the successor makes, verified.
 * @param successor - Of the right shape, not trusted.
 * @throws MedsealError `SUCCESSOR_INVALID`.
 */
export function requireSignedRules(
  { primitives }: Pick<SigningContext, 'primitives'>,
  predecessor: NetworkFile,
  network: NetworkFile,
  {
    offices,
    stakes,
    replacement,
    removal,
  }: Pick<Successor, 'offices' | 'stakes' | 'replacement' | 'removal'>,
): void {
  const context = { domain: domainOf(predecessor), primitives };
  if (offices.length < officeChangesOf(predecessor, network).length) {
    throw invalid('it lacks the change of an office at the ledger');
  }
  const isAtOnce = replacement !== undefined;
  if (!isAtOnce && stakes.length < stakeChangesOf(predecessor, network).length) {
    throw invalid('it lacks the change of a stake at the ledger');
  }
  const [coordinators] = predecessor.channels.map(coordinatorsIn);
  for (const rule of offices) {
    const { office } = rule.message;
    const held = office === 'authority' ? predecessor.authority : coordinators;
    requireQuorum(context, held, 'OfficeChange', rule);
  }
  for (const rule of stakes) requireQuorum(context, coordinators, 'StakeChange', rule);
  if (removal !== undefined) {
    const office = removalOffice(predecessor, organisationName(removal.message.organisation));
    requireQuorum(context, office, 'KeyRemoval', removal, coordinators?.members.length);
  }
  if (replacement === undefined) return;
  const { organisation } = replacedKeyOf(predecessor, network);
  const { owner, others } = replacementOffices(predecessor, organisation);
  const most = coordinators?.members.length ?? 0;
  requireQuorum(context, owner, 'KeyReplacement', replacement, most);
  requireQuorum(context, others, 'KeyReplacement', replacement, most);
}

function requireQuorum<Type extends RuleType>(
  context: SigningContext,
  office: NetworkFile['authority'] | undefined,
  type: Type,
  { message, signatures }: SignedRule<Type>,
  most = office?.members.length ?? 0,
): void {
  const { members = [], threshold = 1 } = office ?? {};
  // Each takes a recovery of its signer.
  const few = signatures.length <= most ? signatures : [];
  const signers = new Set(few.flatMap((signature) => signerIn(context, type, message, signature)));
  const signed = members.filter(({ address }) => signers.has(address));
  if (new Set(signed.map(({ organisation }) => organisation)).size >= threshold) return;
  throw invalid('too few of those in office signed a change at the ledger that belongs to it');
}

function signerIn<Type extends RuleType>(
  context: SigningContext,
  type: Type,
  message: Messages[Type],
  signature: Hex,
): readonly string[] {
  try {
    return [signerOf(context, type, message, signature)];
  } catch {
    return [];
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
