import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import type { Enrolment, Suspension } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import type { AuthorityPort } from '../ports.ts';
import { askQuorum } from './askQuorum.ts';
import { fulfilled } from './fulfilled.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** A message that members of the authority sign at their nodes. */
export type AuthorityMessage =
  | { readonly type: 'Enrolment'; readonly message: Enrolment }
  | { readonly type: 'Suspension'; readonly message: Suspension };

/**
 * Asks the members of the authority for their signatures under an enrolment or a suspension, until its threshold is reached.
 *
 * @param context - The network and its signing.
 * @param members - The members.
 * @param signed - The message.
 * @param ask - Asks one of them.
 * @returns Signatures of members, in the order of their addresses, as the Registry takes them.
 * @throws MedsealError `ENROLMENT_REFUSED` if fewer than the threshold sign, or why one of them declined.
 */
export async function collectSignatures(
  context: Pick<ServiceContext, 'network' | 'domain' | 'primitives' | 'clock' | 'circuits'>,
  members: Iterable<AuthorityPort>,
  signed: AuthorityMessage,
  ask: (member: AuthorityPort) => Promise<Hex>,
): Promise<readonly Hex[]> {
  const { authority } = context.network;
  const known = new Set(authority.members.map(({ address }) => address));
  // By their signers: the contract refuses all of them for one that is there twice.
  const signaturesIn = (given: readonly PromiseSettledResult<Hex>[]): readonly Hex[] => {
    const valid = fulfilled(given).flatMap((value) => signedBy(context, signed, value) ?? []);
    const bySigner = new Map(valid.map(({ signer, signature }) => [signer, signature]));
    return [...bySigner]
      .filter(([signer]) => known.has(signer))
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([, signature]) => signature);
  };
  const answers = await askQuorum(context, members, {
    ask,
    least: authority.threshold,
    isDecided: (given, left) => {
      const got = signaturesIn(given).length;
      return got >= authority.threshold || got + left < authority.threshold;
    },
  });
  const signatures = signaturesIn(answers);
  if (signatures.length >= authority.threshold) return signatures;
  const refusals = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [toMedsealError(answer.reason)] : [],
  );
  // One member that declined decides nothing while the others can still make the threshold.
  const [final = [], open = []] = [true, false].map((isFinal) =>
    refusals.filter((each) => isMedsealError(each, 'APPLICATION_DECLINED') === isFinal),
  );
  const canSign = known.size - final.length >= authority.threshold;
  const [why] = canSign ? [...open, ...final] : final;
  if (why !== undefined) throw why;
  throw new MedsealError('ENROLMENT_REFUSED', { reason: 'too few members signed it' });
}

/** A member's signature with its signer; undefined if it is not a signature. */
function signedBy(
  context: Pick<ServiceContext, 'domain' | 'primitives'>,
  { type, message }: AuthorityMessage,
  signature: Hex,
): { signature: Hex; signer: Address } | undefined {
  try {
    return { signature, signer: signerOf(context, type, message, signature) };
  } catch {
    return undefined;
  }
}
