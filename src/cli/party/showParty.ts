import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { servedBy } from '../../client/letters/servedBy.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeMoment } from '../describeBody.ts';
import { findContact, type Contact } from '../contact/findContact.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { PARTY_SHOWN } from './partyAnswers.ts';

/** Shows a party as k coordinators confirm that the Registry has it. */
export async function showParty(
  terminal: Terminal,
  who: string | undefined,
  options: VisitorOptions,
): Promise<AnswerOf<typeof PARTY_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { name, facts } = who === undefined ? await self(visitor) : await findContact(visitor, who);
  const { party, role, organisation, suspended, recipient, handle, recovery } = facts;
  const isOwn = party === visitor.party.address;
  const moved = isOwn ? (await servedBy(visitor.party))?.organisation : undefined;
  const value = { name, party, role, organisation, suspended, recipient };
  return {
    value: {
      ...value,
      ...(handle && { handle }),
      ...(recovery && { recovery }),
      ...(moved !== undefined && { servedBy: moved }),
    },
    lines: [
      `${name} is ${party}, a ${role} of ${organisation}${suspended ? ', suspended' : ''}.`,
      ...(recovery === undefined
        ? []
        : [
            `The authority is giving it another key, ${recovery.signer}, at ${describeMoment(recovery.readyAt)}.`,
          ]),
      ...(moved === undefined ? [] : [`The node of ${moved} serves ${name}.`]),
      `Recipient of the keys, SHA-256: ${recipient}`,
      ...(handle === undefined ? [] : [`Chart: ${handle}`]),
    ],
  };
}

/** The visitor, as others see it. */
export async function self({ key, party }: Visitor): Promise<Contact> {
  const { party: facts } = await confirmFacts(party, { party: party.address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  return { name: key.name, facts };
}
