import { acknowledgementCheck, type EvidenceOptions } from '../protocol/acknowledgementCheck.ts';
import type { Acknowledgement, ChainPart } from '../protocol/evidence.ts';
import { ZERO32, type Handle } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { digestOf, type SigningContext } from '../protocol/signing.ts';
import type { AuditedLog, AuditEvent } from './Audit.ts';
import { countedIn } from './confirmCount.ts';
import { examineEntries } from './examineEntries.ts';

/** What parts are examined against. */
export interface ChainContext extends SigningContext {
  /** The pinned network file. */
  readonly network: NetworkFile;
}

/**
 * Examines what was given of one log for an audit: each entry, and the list as a whole by what coordinators counted. It
 * asks nobody.
 *
 * @param context - Network, domain and primitives.
 * @param audit - The patient, and the audit's acknowledgement, which was checked.
 * @param part - What was given; its checkpoint was checked.
 * @param options.strict - Every signature must hold, not only k: for what was kept, and must be as it was.
 */
export function examinePart(
  context: ChainContext,
  {
    handle,
    acknowledgement,
  }: { readonly handle: Handle; readonly acknowledgement: Acknowledgement },
  { log, checkpoint, entries, tallies }: ChainPart,
  options: Pick<EvidenceOptions, 'strict'> = {},
): AuditedLog {
  const { network, primitives } = context;
  const { size, root } = checkpoint;
  const check = acknowledgementCheck(context, network, options);
  const { type, message } = check.request(acknowledgement).request;
  const request = digestOf(context, type, message);
  const events = examineEntries(primitives, check, { log, size, root, handle }, entries);
  const asked = { request, log, size, root, handle };
  const { agreed, answered, others } = countedIn(context, network, asked, tallies);

  const faults: string[] = [];
  const unchecked = [`entries after the first ${size} of the log`];
  if (agreed === undefined) {
    unchecked.push(`whether the list is whole: ${answered} organisations counted alike or at all`);
  } else {
    faults.push(...differences(events, agreed));
  }
  if (options.strict === true) {
    const answers = tallies.filter(
      (tally) => countedIn(context, network, asked, [tally]).answered === 1,
    );
    if (answers.length < tallies.length) faults.push('a count of a coordinator does not hold');
  }
  const { index: place, entry: own } = acknowledgement;
  if (
    acknowledgement.log === log &&
    !events.some(({ index, entry }) => index === place && entry === own)
  ) {
    faults.push('this audit itself is not listed');
  }
  const erased = events.filter(({ body, fault }) => body === undefined && fault === undefined);
  if (erased.length > 0) unchecked.push(`what ${erased.length} erased entries said`);
  for (const coordinator of others) {
    unchecked.push(`why coordinator ${coordinator} counts otherwise than the others`);
  }
  return { log, checkpoint, events, complete: agreed !== undefined, faults, unchecked };
}

/** What tells a list from the one that k coordinators counted. */
function differences(
  events: readonly AuditEvent[],
  { count, last }: { readonly count: number; readonly last: string },
): string[] {
  const listed = events.length;
  if (listed < count) return [`${listed} entries are listed of ${count}: some were left out`];
  if (listed > count) return [`${listed} entries are listed and ${count} counted: some were added`];
  if ((events.at(-1)?.entry ?? ZERO32) !== last) return ['the last entry is another than counted'];
  return [];
}
