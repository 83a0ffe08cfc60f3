import { keepRight } from '../../client/knownRights.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Grant } from '../../protocol/requests.ts';
import { namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { readSource } from '../record/readSource.ts';
import type { VisitorOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeRight } from './describeRight.ts';

/**
 * Takes rights that were given to the visitor.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - See `medseal inbox --help`.
 */
export async function inbox(
  terminal: Terminal,
  options: VisitorOptions & { readonly file?: string },
): Promise<Answer> {
  const visitor = await openVisitor(terminal, options);
  const given = options.file === undefined ? [] : [await readGrant(terminal, options.file)];
  const names = await namesOf(visitor);
  for (const grant of given) await keepRight(visitor.party, grant);
  const lines = given.map(({ handle, terms }) => {
    const chart = names.get(handle) ?? short(handle);
    return `On the chart of ${chart} you may ${describeRight(terms)}.`;
  });
  return { value: { rights: given }, text: lines.join('\n') };
}

async function readGrant(terminal: Terminal, file: string): Promise<Grant> {
  const { content } = await readSource(terminal, file);
  try {
    const grant = JSON.parse(bytesToUtf8(content as Uint8Array)) as Grant;
    if (typeof grant.handle === 'string' && typeof grant.terms?.grantee === 'string') return grant;
  } catch {
    // What it is instead does not matter.
  }
  throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason: 'it holds no grant' });
}
