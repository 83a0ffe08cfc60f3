import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { Messages } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Requires a quorum of the authority to have signed a request, and returns their signatures as the contract takes them: those of
 * members alone, each once, in ascending order of their addresses.
 *
 * @param agent - The agent's context.
 * @param type - The request's type.
 * @param message - The request, parsed.
 * @param given - The signatures, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`; `SIGNATURE_INVALID` if too few members signed.
 */
export function signedByAuthority<Type extends 'Suspension' | 'Recovery'>(
  agent: AgentContext,
  type: Type,
  message: Messages[Type],
  given: readonly Hex[],
): readonly Hex[] {
  const { authority } = agent.network;
  const isList: boolean = Array.isArray(given);
  if (!isList || given.length > authority.members.length) throw malformed('signatures');
  const digest = digestOf(agent, type, message);
  const bySigner = new Map(
    given.map((signature) => {
      return [agent.recovered.signerOf(agent, digest, signature), signature] as const;
    }),
  );
  const members = authority.members.filter(({ address }) => bySigner.has(address));
  const organisations = new Set(members.map(({ organisation }) => organisation));
  if (organisations.size < authority.threshold) throw new MedsealError('SIGNATURE_INVALID', {});
  const signers = members.map(({ address }) => address).toSorted();
  return signers.map((address) => bySigner.get(address) ?? '0x');
}
