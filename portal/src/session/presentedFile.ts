import { attachedTo, type Chart, type ChartRecord } from '../../../src/client/index.ts';
import type { PartContent } from '../../../src/fhir/Part.ts';
import { documentAfter } from './documentAfter.ts';

/**
 * Finds the record that a document presents as its file, and that is therefore opened with the document only. Anybody
 * who may add can name any record, and whoever may amend can make somebody else's document name one. So it counts only if
 * the naming version is by the author of both records, and that author added the file and then, next on the same log, the
 * document. Every other record is opened as its own content.
 *
 * @param chart - The chart that lists both.
 * @param part - The content of the naming record.
 * @param from - The naming version.
 * @returns The newest version of the file; undefined if the part presents none.
 */
export function presentedFile(
  chart: Pick<Chart, 'records'>,
  part: Pick<PartContent, 'entries'>,
  from: ChartRecord,
): ChartRecord | undefined {
  const file = attachedTo(chart, part, from);
  const document = file && documentAfter(chart, file);
  return document?.record === from.record && document.author === from.author ? file : undefined;
}
