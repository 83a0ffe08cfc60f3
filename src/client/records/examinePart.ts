import {
  acknowledgementCheck,
  type EvidenceOptions,
} from '../../protocol/evidence/acknowledgementCheck.ts';
import { coordinatorAt } from '../../protocol/network/coordinatorAt.ts';
import type {
  Acknowledgement,
  ChainPart,
  ListSubject,
  SignedVerdict,
} from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { digestOf, type SigningContext } from '../../protocol/struct/signing.ts';
import type { AuditedLog, AuditEvent } from '../audit/Audit.ts';
import type { Party } from '../party/Party.ts';
import { countedIn } from './confirmCount.ts';
import { unknownRecords, untoldRecords } from '../audit/viewedRecords.ts';
import {
  examineEntries,
  type EntriesExamination,
  type ListBefore,
} from '../audit/examineEntries.ts';

/** Trusted data that parts are examined against. */
export interface ChainContext extends SigningContext, Pick<Party, 'pause'> {
  /** The pinned network file. */
  readonly network: NetworkFile;
}

/**
 * Examines the part of an audit for one log: each entry, and the list as a whole against the coordinators' counts. It
 * asks nobody.
 *
 * @param context - Network, domain, primitives, and the pause between some entries.
 * @param audit - Patient or party, and the verified acknowledgement of the audit.
 * @param part - Part for the log; its checkpoint was verified.
 * @param options.before - Findings of the last audit in the log.
 * @param options.after - A list that was proven whole, if the part has the entries after it alone.
 * @param options.onExamined - Called between some entries with the number of new ones so far, and of all new ones.
 * @param options.strict - True if every signature must be valid, not only k: for a saved part, which must be unchanged.
 */
export async function examinePart(
  context: ChainContext,
  { handle, party, acknowledgement }: ListSubject & { readonly acknowledgement: Acknowledgement },
  { log, checkpoint, entries, tallies }: ChainPart,
  options: Pick<EvidenceOptions, 'strict'> & EntriesExamination = {},
): Promise<AuditedLog> {
  const { network } = context;
  const { size, root } = checkpoint;
  const check = acknowledgementCheck(context, network, options);
  const { type, message } = check.request(acknowledgement).request;
  const request = digestOf(context, type, message);
  const { after } = options;
  const added = await examineEntries(
    context,
    check,
    { log, size, root, handle, ...(party && { party }) },
    entries,
    options,
  );
  const asked = { request, log, size, root, handle };
  const { agreed, answered, others } = countedIn(context, network, asked, tallies);

  const events = [...(after?.events ?? []), ...added];
  const faults = added.flatMap(({ index, fault, pairs }, place) => {
    const isOther =
      fault === undefined && pairs === undefined && entries[place]?.pairs !== undefined;
    return isOther ? [`the list beside #${index} is not the one that was signed`] : [];
  });
  const unchecked = [`entries after the first ${size} of the log`];
  if (agreed === undefined) {
    unchecked.push(`whether the list is whole: ${answered} organisations counted alike or at all`);
  } else {
    faults.push(...differences(added, agreed, after));
  }
  if (options.strict === true) {
    const answers = tallies.filter(
      (tally) => countedIn(context, network, asked, [tally]).answered === 1,
    );
    if (answers.length < tallies.length) faults.push('the count of a coordinator is not valid');
  }
  const { index: place, entry: own } = acknowledgement;
  if (
    acknowledgement.log === log &&
    !added.some(({ index, entry }) => index === place && entry === own)
  ) {
    faults.push('this audit itself is not listed');
  }
  const erased = events.filter(({ body, fault }) => body === undefined && fault === undefined);
  if (erased.length > 0) unchecked.push(`what ${erased.length} erased entries said`);
  const untold = events.reduce((sum, event) => sum + untoldRecords(event), 0);
  if (untold > 0) {
    const sets = added.flatMap((event, place) =>
      untoldRecords(event) === 0 ? [] : [{ event, verdicts: entries[place]?.verdicts ?? [] }],
    );
    const judges = new Set(
      sets.flatMap(({ event, verdicts }) => judgesOf(network, event, verdicts)),
    );
    unchecked.push(
      `which ${untold} records ${sets.length} views of several records were of: the node gave no whole list of ` +
        `${[...judges].toSorted().join(', ')}, which judged them; ask again when these answer`,
    );
  }
  // In a chain the reader is told the leaf alone of what was not accepted, whatever organisations have.
  const named = party === undefined ? events : [];
  const unknown = named.reduce((sum, event) => sum + unknownRecords(event), 0);
  if (unknown > 0) {
    unchecked.push(
      `whether there are ${unknown} records that views named and did not get: no organisation that was asked has them`,
    );
  }
  for (const coordinator of others) {
    unchecked.push(`why coordinator ${coordinator} counts otherwise than the others`);
  }
  const complete = agreed !== undefined && untold === 0;
  const older = after && { older: after.lines - after.events.length };
  return { log, checkpoint, events, complete, faults, unchecked, ...older };
}

/** Returns the organisations whose coordinators judged an event. */
function judgesOf(
  network: NetworkFile,
  { log, body }: AuditEvent,
  verdicts: readonly SignedVerdict[],
): readonly Organisation[] {
  return verdicts.flatMap(
    ({ coordinator }) => coordinatorAt(network, log, coordinator, body?.at ?? 0) ?? [],
  );
}

/** Returns the differences between a list and the one that k coordinators counted. */
function differences(
  events: readonly AuditEvent[],
  { count, last }: { readonly count: number; readonly last: string },
  after: ListBefore | undefined,
): string[] {
  const listed = events.length + (after?.lines ?? 0);
  if (listed < count) return [`${listed} entries are listed of ${count}: some were left out`];
  if (listed > count) return [`${listed} entries are listed and ${count} counted: some were added`];
  if ((events.at(-1)?.entry ?? after?.last ?? ZERO32) !== last)
    return ['the last entry differs from the counted one'];
  return [];
}
