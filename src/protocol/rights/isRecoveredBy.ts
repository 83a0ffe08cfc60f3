import { HANDOVER } from '../network/officesOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { SignedRecovery } from '../struct/requests.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Seconds for which members of the authority sign a recovery at most. */
export const LONGEST_RECOVERY = 30 * 24 * 3600;

/** An authority, with the time in which the ledger took recoveries that it signed. */
interface AuthorityInTime {
  readonly office: NetworkFile['authority'];
  /** First second, Unix. */
  readonly from: number;
  /** First second after it. */
  readonly until: number;
}

/**
 * Tells whether a quorum of one authority signed a recovery that the ledger can have taken while that authority was in office. The
 * ledger takes a signature until the deadline of what it signs, 30 days at most, and nothing that anybody else signed as well.
 *
 * @param context - Domain and primitives, and the network file: without it nothing counts.
 * @param recovery - Not trusted.
 * @param at - Moment before which it must have been, Unix seconds.
 * @throws MedsealError `SIGNATURE_INVALID` if no key can have made one of the signatures.
 */
export function isRecoveredBy(
  context: SigningContext,
  { message, signatures }: Pick<SignedRecovery, 'message' | 'signatures'>,
  at = Infinity,
): boolean {
  const { network } = context;
  if (network === undefined) return false;
  const offices = authoritiesOf(network).filter(({ office, from, until }) => {
    const isInTime = from <= at && from <= message.deadline;
    return (
      isInTime &&
      message.deadline < until + LONGEST_RECOVERY &&
      signatures.length <= office.members.length
    );
  });
  if (offices.length === 0) return false;
  const signers = signatures.map((signature) => signerOf(context, 'Recovery', message, signature));
  if (new Set(signers).size < signers.length) return false;
  return offices.some(({ office: { members, threshold } }) => {
    const signed = members.filter(({ address }) => signers.includes(address));
    const organisations = new Set(signed.map(({ organisation }) => organisation));
    return signed.length === signers.length && organisations.size >= threshold;
  });
}

/** The authority of a network file and of each one before it that names one. */
function authoritiesOf({
  authority,
  before = [],
}: NonNullable<SigningContext['network']>): readonly AuthorityInTime[] {
  const former = before.flatMap(({ authority: office, until }, place) => {
    const from = (before[place - 1]?.until ?? 0) - HANDOVER;
    return office === undefined ? [] : [{ office, from, until: until + HANDOVER }];
  });
  const from = (before.at(-1)?.until ?? 0) - HANDOVER;
  return [...former, { office: authority, from, until: Infinity }];
}
