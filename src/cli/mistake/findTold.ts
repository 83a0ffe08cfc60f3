import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { readMistakes } from '../../client/letters/keptMistakes.ts';
import type { Mistake } from '../../client/letters/Mistake.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/**
 * Takes the visitor's letters, and finds a report to the visitor by the beginning of its id.
 *
 * @param terminal - The terminal.
 * @param id - As it was typed.
 * @param options - Options of the visitor.
 * @throws MedsealError `ARGUMENT_INVALID` if none is found, or if several ids begin like this.
 */
export async function findTold(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<{ readonly visitor: Visitor; readonly mistake: Mistake }> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await checkInbox(party);
  const told = (await readMistakes(party)).filter(({ to }) => to === party.address);
  const found = told.filter((each) => each.id.startsWith(id));
  const [mistake, another] = /^0x[0-9a-f]{4,64}$/.test(id) ? found : [];
  if (mistake !== undefined && another === undefined) return { visitor, mistake };
  const reason =
    another === undefined
      ? `nobody told you of a mistake with this id; "${calledAs('mistake list')}" lists reports`
      : `several ids begin like this, such as ${short(another.id)}; give more of the id`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
}
