import { acceptedWrite } from '../../log/acceptedWrite.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { EvidenceType, Signed } from '../../protocol/struct/requests.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import type { KnownErasures } from './KnownErasures.ts';

/**
 * The category of the record version that a view asks for, if it was erased; undefined otherwise.
 *
 * @param erasures - Erasures that the service knows of.
 * @param request - A request that was judged with its support.
 * @param support - Its support.
 */
export async function erasedCategory(
  erasures: KnownErasures,
  request: Signed<EvidenceType>,
  { record }: Pick<EvidenceSupport, 'record'>,
): Promise<Category | undefined> {
  const view = askedView(request);
  if (view?.what !== 'record' || record === undefined) return undefined;
  // Almost no chart has any, and then the entry is not parsed again.
  if (!(await erasures.has(view.handle))) return undefined;
  const write = acceptedWrite(parseEntryBody(record.body));
  return write !== undefined && (await erasures.isErased(write)) ? write.category : undefined;
}
