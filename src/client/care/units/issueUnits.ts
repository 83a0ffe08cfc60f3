import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { IssueUnits } from '../../../protocol/care/claims.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Facts, FactsQuery } from '../../../protocol/evidence/facts.ts';
import type { Address, Organisation } from '../../../protocol/ids.ts';
import { organisationId } from '../../../protocol/network/networkLookups.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { signedShape } from '../../../protocol/shapes/messageShape.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { doOnce } from '../../agent/doOnce.ts';
import { addressArgument } from '../../party/addressArgument.ts';
import { DeviceBook } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';
import { confirmRule } from '../../rights/confirmRule.ts';
import type { AuthorityKey } from '../../rights/signByMembers.ts';
import { readIssuer } from './readUnits.ts';

/** Settlement units to issue. */
export interface NewUnits {
  /** Organisation that holds the money, and owes the units. */
  readonly organisation: Organisation;
  /** Account that gets them. */
  readonly account: Address;
  /** Minor units of the currency, 1 to 2^40 - 1 with all that the organisation has outstanding. */
  readonly amount: number;
  /** True to issue the same amount to the same account once more. */
  readonly again?: boolean;
}

/** Settlement units that the ledger has as issued. */
export interface UnitsIssued extends LedgerPlace {
  /** True if an earlier run had signed this very issue. */
  readonly already: boolean;
}

/** Seconds that the ledger has to take a request. */
const WINDOW = 300;

/** The last issue of each amount to each account. */
const ISSUED = new DeviceBook({
  name: 'issued',
  shape: { name: 'text', request: signedShape('IssueUnits') },
  keyOf: ({ name }) => name,
  most: 10_000,
});

/**
 * Issues settlement units, for money that an organisation of the authority holds. The same amount goes to the same account
 * once, however often this is run and wherever it was cut off; `again` issues it once more.
 *
 * @param at - Any party that can reach an agent. Its device remembers what was issued, so it has to last.
 * @param member - Key of the organisation's seat in the authority.
 * @param units - Organisation, account and amount.
 * @throws MedsealError `SIGNATURE_INVALID` if the key is not that of a seat of the organisation; `RULE_REFUSED` with
 * `AmountInvalid` over the organisation's ceiling, `NumberUnexpected` if another issue came first; `EARLIER_STANDS` if an
 * issue of other values that was cut off is on the ledger, then this one is not; `NOT_YET` while that one may still get
 * there; `CONTRACT_ABSENT`, `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const [member] = members;
 * const units = { organisation: 'hospital', account: doctor.address, amount: 50_000 };
 * if (member) {
 *   const { already } = await issueUnits(auditor, member, units);
 *   console.log(already ? 'They were issued before.' : 'They are issued.');
 * }
 * ```
 */
export async function issueUnits(
  at: Party,
  member: AuthorityKey,
  { organisation, account: to, amount, again = false }: NewUnits,
): Promise<UnitsIssued> {
  const account = addressArgument(at, to, 'account');
  const issuer = organisationId(organisation);
  const name = `${organisation}/${account}/${amount}`;
  // Read before the device is: whoever issues the same meanwhile makes this number a used one.
  const { number } = await readIssuer(at, organisation);
  const send = async (request: Signed<'IssueUnits'>): Promise<LedgerPlace> => {
    const { transaction, block } = await at.agent.units({ request });
    return { transaction, block };
  };
  const { done, already } = await doOnce<Signed<'IssueUnits'>, LedgerPlace>(at, {
    name: `issue-${organisation}`,
    values: canonicalJson({ account, amount, again }),
    before: async () => {
      const known = (await ISSUED.read(at)).find((each) => each.name === name);
      if (again || known === undefined) return undefined;
      // A ledger that was restored may not have it any more.
      const { taken } = await confirmRule(at, taking(known.request.message), () => true);
      return taken === true ? await send(known.request) : undefined;
    },
    sign: async () => {
      const deadline = seconds(at.clock) + WINDOW;
      const message = { organisation: issuer, account, amount, number: number + 1, deadline };
      return await Promise.resolve(sign(at, member, 'IssueUnits', message));
    },
    describe: ({ message }) =>
      `issue of ${(message.amount / 100).toFixed(2)} units to ${message.account}`,
    send,
    placed: ({ message }) => ({
      query: taking(message),
      deadline: message.deadline,
      isIn: (facts) => facts.taken === true,
      isOver: (facts) => numberOf(facts) >= message.number,
    }),
    finish: async (request) => {
      await confirmRule(at, taking(request.message), (facts) => facts.taken === true);
      const { message } = request;
      const key = `${organisation}/${message.account}/${message.amount}`;
      await ISSUED.put(at, { name: key, request });
      return await send(request);
    },
  });
  return { ...done, already };
}

/** Asks whether the ledger took an issue, and for the number of its organisation's last one. */
function taking(message: IssueUnits): Omit<FactsQuery, 'nonce'> {
  return { issuer: message.organisation, taken: { type: 'IssueUnits', message } };
}

function numberOf({ issuer }: Facts): number {
  return issuer?.number ?? 0;
}
