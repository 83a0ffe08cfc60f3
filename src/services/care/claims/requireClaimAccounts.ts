import { hexToBytes } from '../../../crypto/bytes.ts';
import { oneTimeAccount } from '../../../crypto/keys/oneTimeAccount.ts';
import { malformed } from '../../../errors/malformed.ts';
import { accountsOfParty } from '../../../protocol/network/accountsOfParty.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { Address } from '../../../protocol/ids.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { tellsOfPerson } from '../../../protocol/rights/tellsOfPerson.ts';
import type { ServiceContext } from '../../ServiceContext.ts';

/**
 * Requires that a claim's accounts were made for it: else the ledger would tell everybody who treats whom. The claimant's
 * follows from the key that signed the claim. One that is paid is of whom the terms name: the claimant, a writer of one of
 * the claim's records by its present key, a party that tells of no person, or nobody but its own key. None is a key of
 * somebody, and none stands in another claim.
 *
 * @param context - The node's own view.
 * @param submission - Its entries, verified.
 * @param request - The claim, authenticated.
 * @param keys - `ever` for a copy of what was taken earlier: keys have changed since.
 * @throws MedsealError `REQUEST_MALFORMED` for `account` or `payee`.
 */
export function requireClaimAccounts(
  context: ServiceContext,
  { entries = [], publicKeys }: Submission,
  { message, signature }: Signed<'InsuranceClaim'>,
  keys: 'present' | 'ever',
): void {
  const { index, primitives } = context;
  const { terms, claimant, payee } = message;
  const digest = digestOf(context, 'InsuranceClaim', message);
  const signed = primitives.recover(hexToBytes(digest), hexToBytes(signature));
  const own = oneTimeAccount(primitives, signed, hexToBytes(terms.salt));
  if (claimant !== own) throw malformed('account');
  const shown = { entries, ...(publicKeys && { publicKeys }) };
  const isClaimant = payee === claimant && terms.payee === terms.claimant;
  const isKnown = isClaimant || isOfNobody(payee, terms.payee);
  if (!isKnown && !madeFor(terms.payee, shown).includes(payee)) throw malformed('payee');
  if (keys === 'ever') return;
  for (const account of [claimant, payee]) {
    const first = index.claims.with(account) ?? digest;
    const isShared = index.ownerOf(account) !== undefined;
    if (first !== digest && !isShared) throw malformed('account');
  }

  function isOfNobody(account: Address, named: Address): boolean {
    if (account !== named || account === claimant) return false;
    const owner = index.ownerOf(account);
    return owner === undefined || (owner === account && !tellsOfPerson(index.party(owner)?.role));
  }

  function madeFor(
    party: Address,
    shown: Parameters<typeof accountsOfParty>[1],
  ): readonly Address[] {
    const present = index.signerOf(party);
    const signers =
      keys === 'ever' ? index.signersOf(party) : present === undefined ? [] : [present];
    return accountsOfParty(context, shown, { address: party, signers }, terms.salt);
  }
}
