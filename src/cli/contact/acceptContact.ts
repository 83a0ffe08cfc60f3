import { acceptRecipient } from '../../client/rights/acceptRecipient.ts';
import {
  listChangedRecipients,
  type ChangedRecipient,
} from '../../client/rights/listChangedRecipients.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { findContact, namesOf } from './findContact.ts';
import { calledAs } from '../program/calledAs.ts';
import { short } from '../describeBody.ts';
import type { CONTACTS_CHANGED, CONTACT_ACCEPTED } from './contactAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CONTACT_ACCEPT } from './contactOptions.ts';

type AcceptOptions = VisitorOptions & OptionsOf<typeof CONTACT_ACCEPT> & { readonly yes?: boolean };

/** Lists the grantees who have other keys than those that the patient's keys were sealed to. */
export async function listChanged(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CONTACTS_CHANGED>> {
  const visitor = await openVisitor(terminal, options);
  const changed = await listChangedRecipients(visitor.party);
  const names = await namesOf(visitor);
  return {
    value: { changed },
    lines:
      changed.length === 0
        ? ['The keys of everyone who may read your records are unchanged.']
        : changed.flatMap((each) => [...describe(each, nameIn(names, each)), '']),
  };
}

/**
 * Accepts the other keys of a grantee, after the patient has compared their fingerprint, and seals to them what the
 * grantee may open.
 *
 * @throws MedsealError `ARGUMENT_INVALID` if nobody sits at a terminal and no fingerprint is given, or it is another;
 * `RECIPIENT_CHANGED`, `KEY_UNAUTHENTIC`, `NOT_FOUND`.
 */
export async function acceptChanged(
  terminal: Terminal,
  who: string,
  options: AcceptOptions,
): Promise<AnswerOf<typeof CONTACT_ACCEPTED>> {
  const visitor = await openVisitor(terminal, options);
  const { name, address } = await granteeOf(visitor, who);
  const changed = await listChangedRecipients(visitor.party);
  const found = changed.find(({ grantee }) => grantee === address);
  if (found === undefined) {
    const text = `The keys of ${name} are unchanged; there is nothing to accept.`;
    return { value: { grantee: address, packets: 0 }, lines: [text] };
  }
  requireCompared(found, options);
  await terminal.confirm(
    [
      ...describe(found, name),
      '',
      `Ask ${name} for the fingerprint by another way than this network, and compare it. Whoever has these keys`,
      'can open what you share. If the old device was stolen, do not accept: revoke the right and give it again.',
    ],
    'Is the fingerprint the same, and do you accept the keys?',
  );
  const { fingerprint, grants } = found;
  const packets = await acceptRecipient(visitor.party, { grantee: address, fingerprint });
  return {
    value: { grantee: address, fingerprint, packets },
    lines:
      grants.length > 0
        ? [`Accepted. ${name} can open what you share again.`]
        : [`Accepted. Next: ${calledAs('rule apply')} gives ${name} the right of your rules.`],
  };
}

/** A yes that was typed ahead says nothing of what was compared. */
function requireCompared(
  { fingerprint }: ChangedRecipient,
  { yes = false, fingerprint: given }: AcceptOptions,
): void {
  if (given === undefined ? !yes : given === fingerprint) return;
  const reason =
    given === undefined
      ? 'with --yes, give the fingerprint that you compared'
      : 'the Registry has another fingerprint';
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--fingerprint', reason });
}

async function granteeOf(
  visitor: Visitor,
  who: string,
): Promise<{ readonly name: string; readonly address: ChangedRecipient['grantee'] }> {
  // The contact's own card has the keys of before; it is the address that it is found by.
  const known = [...(await namesOf(visitor))].find(
    ([id, name]) => name === who.toLowerCase() && id.length === 42,
  );
  if (known !== undefined) return { name: known[1], address: known[0] as `0x${string}` };
  const { name, facts } = await findContact(visitor, who);
  return { name, address: facts.party };
}

function nameIn(names: ReadonlyMap<string, string>, { grantee }: ChangedRecipient): string {
  return names.get(grantee) ?? short(grantee);
}

function describe(
  { grantee, before, fingerprint, offered, grants }: ChangedRecipient,
  name: string,
): readonly string[] {
  const waits =
    grants.length === 0
      ? 'a right of your rules waits'
      : `${grants.length} ${grants.length === 1 ? 'right that you gave waits' : 'rights that you gave wait'}`;
  return [
    `The keys of ${name} (${grantee}) have changed:`,
    `  before  ${before}`,
    `  now     ${fingerprint}${offered ? '' : ' (no node has them yet)'}`,
    `  ${waits} until you accept them`,
  ];
}
