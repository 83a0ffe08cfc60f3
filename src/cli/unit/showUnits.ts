import { readAccount, readIssuer } from '../../client/care/units/readUnits.ts';
import { parseAddress } from '../../crypto/parseAddress.ts';
import { findContact } from '../contact/findContact.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { claimAccounts } from '../../client/care/claims/claimAccount.ts';
import { foundClaims } from '../../client/care/claims/readClaims.ts';
import type { Party } from '../../client/party/Party.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { short } from '../describeBody.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeUnits } from './describeUnits.ts';
import type { UNITS_SHOWN } from './unitAnswers.ts';

/**
 * Shows an account of settlement units, and how many each organisation of the authority has outstanding.
 */
export async function showUnits(
  terminal: Terminal,
  who: string | undefined,
  options: VisitorOptions,
): Promise<AnswerOf<typeof UNITS_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const account = await accountOf(visitor, who);
  const { balance } = await readAccount(party, account);
  const accounts = who === undefined ? await heldByClaims(party) : [];
  const names = party.network.authority.members.map(({ organisation }) => organisation);
  const issuers = await Promise.all(
    [...new Set(names)].map(async (organisation) => {
      const { outstanding } = await readIssuer(party, organisation);
      return { organisation, outstanding };
    }),
  );
  const owing = issuers.filter(({ outstanding }) => outstanding > 0);
  return {
    value: { account, balance, accounts, issuers: owing },
    lines: [
      describeAccount(account, balance),
      ...accounts.map((each) => describeAccount(`The claim ${short(each.claim)}`, each.balance)),
      ...owing.map((issuer) => {
        return `${issuer.organisation} owes ${describeUnits(issuer.outstanding)} to those who hold them.`;
      }),
    ],
  };
}

function describeAccount(what: string, balance: number): string {
  return `${what} holds ${describeUnits(balance)}.`;
}

/** The accounts of the party's claims that hold something. */
async function heldByClaims(party: Party): Promise<Of<typeof UNITS_SHOWN>['accounts']> {
  const held: Of<typeof UNITS_SHOWN>['accounts'][number][] = [];
  if (party.network.contracts.claims !== undefined) await foundClaims(party);
  for (const { claim, address: account } of await claimAccounts(party)) {
    const { balance } = await readAccount(party, account);
    if (balance !== 0) held.push({ claim, account, balance });
  }
  return held;
}

/**
 * Returns an account that was named on the command line.
 *
 * @param visitor - Asks coordinators about a contact.
 * @param who - A contact or address; the visitor's own if absent.
 */
export async function accountOf(visitor: Visitor, who: string | undefined): Promise<Address> {
  const { party } = visitor;
  if (who === undefined) return party.address;
  return parseAddress(party.primitives, who) ?? (await findContact(visitor, who)).facts.party;
}
