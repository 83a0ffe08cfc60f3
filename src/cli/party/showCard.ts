import { encodeQR } from 'qr';
import { contactCardOf } from '../../client/party/confirmContact.ts';
import { formatContactCard } from '../../client/party/ContactCard.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { self } from './showParty.ts';
import { calledAs } from '../program/calledAs.ts';
import type { CARD_SHOWN } from './partyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CARD_OPTIONS } from './partyOptions.ts';

type CardOptions = VisitorOptions & OptionsOf<typeof CARD_OPTIONS>;

/** Prints the visitor's card, as the Registry has it: as text, as a QR code, as a file. */
export async function showCard(
  terminal: Terminal,
  options: CardOptions,
): Promise<AnswerOf<typeof CARD_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { name, facts } = await self(visitor);
  const card = contactCardOf(visitor.network, facts);
  const text = formatContactCard(card);
  if (options.out !== undefined)
    await writeFileWhole(options.out, `${JSON.stringify(card, null, 2)}\n`);
  const { party, recipient, handle } = card;
  return {
    value: { ...card, text },
    lines: [
      `${name}, a ${facts.role} of ${facts.organisation}`,
      `  address    ${party}`,
      ...(handle === undefined ? [] : [`  chart      ${handle}`]),
      `  recipient  ${recipient}`,
      '',
      // Capitals make the code smaller.
      ...(options.qr ? encodeQR(text.toUpperCase(), 'ascii', { ecc: 'low' }).split('\n') : []),
      text,
    ],
  };
}

/**
 * Prints a patient's card.
 *
 * @throws MedsealError `ARGUMENT_INVALID` for a key of someone else.
 */
export async function showPatientCard(
  terminal: Terminal,
  options: CardOptions,
): Promise<AnswerOf<typeof CARD_SHOWN>> {
  const answer = await showCard(terminal, options);
  if ('handle' in answer.value) return answer;
  const reason = `the key is not a patient’s; "${calledAs('party card')}" prints its card`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--as', reason });
}
