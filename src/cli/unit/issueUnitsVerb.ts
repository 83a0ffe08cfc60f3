import { issueUnits } from '../../client/care/units/issueUnits.ts';
import { readIssuer } from '../../client/care/units/readUnits.ts';
import { parseAddress } from '../../crypto/parseAddress.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { MemberKey } from '../../node/founding/readAuthorityKeys.ts';
import { readCard } from '../contact/findContact.ts';
import { openGuest, openMembers } from '../party/openMembers.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeUnits } from './describeUnits.ts';
import type { UNITS_PLACED } from './unitAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { UNIT_ISSUE } from './unitOptions.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';

/** Issues settlement units in the name of an organisation of the authority. */
export async function issueUnitsVerb(
  terminal: Terminal,
  who: string,
  options: PassphraseOptions & OptionsOf<typeof UNIT_ISSUE>,
): Promise<AnswerOf<typeof UNITS_PLACED>> {
  const { amount, at: organisation, again = false } = options;
  const guest = await openGuest(options, organisation);
  const account = parseAddress(guest.primitives, who) ?? (await readCard(who)).party;
  const member = memberOf(await openMembers(terminal, guest, options), organisation);
  await terminal.confirm([
    `The authority’s member of ${organisation} is about to sign that`,
    '',
    `  ${again ? 'a further ' : ''}${describeUnits(amount)} are issued to ${account}`,
    '',
    `${organisation} owes the money that they stand for.`,
  ]);
  terminal.progress.stage('waiting for the ledger');
  const units = { organisation, account, amount, again };
  const { already, ...place } = await issueUnits(guest, member, units);
  const { outstanding } = await readIssuer(guest, organisation);
  return {
    value: { organisation, account, amount, outstanding, ...place, already },
    lines: [
      already
        ? `${describeUnits(amount)} were issued to ${account} before. To issue as much once more, add --again.`
        : `${describeUnits(amount)} are issued.`,
      `${organisation} owes ${describeUnits(outstanding)}.`,
      `Ledger ${place.transaction}, block ${place.block}`,
    ],
  };
}

/**
 * Returns the key of an organisation's member of the authority.
 *
 * @param members - The keys of a node's folder.
 * @param organisation - The organisation.
 * @throws MedsealError `ARGUMENT_INVALID` if the folder has no such key.
 */
export function memberOf(members: readonly MemberKey[], organisation: string): MemberKey {
  const member = members.find((each) => each.organisation === organisation);
  if (member !== undefined) return member;
  const names = members.map((each) => each.organisation).join(', ');
  const reason = `this folder has the keys of ${names}, and not of ${organisation}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--data', reason });
}
