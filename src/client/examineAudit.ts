import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { acknowledgementCheck } from '../protocol/acknowledgementCheck.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import { ZERO32, type Handle, type LogName } from '../protocol/ids.ts';
import { logOf } from '../protocol/networkLookups.ts';
import type { View } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Audit, AuditedLog, AuditEvent } from './Audit.ts';
import { confirmCheckpoint } from './confirmCheckpoint.ts';
import { confirmCount } from './confirmCount.ts';
import { examineEntries } from './examineEntries.ts';
import { readPatientState } from './PatientState.ts';
import type { Party } from './Party.ts';
import { submitEvidence } from './submit.ts';

/** An audit that was acknowledged, and what it is compared with. */
interface Released {
  readonly handle: Handle;
  readonly acknowledgement: Acknowledgement;
  /** What releases the entries. */
  readonly key: { readonly ticket: string; readonly request: `0x${string}` };
  readonly ledger?: LedgerProvider;
}

/**
 * Asks for all that happened to the patient's own chart, which is an event too, and examines every part of the answer:
 * each entry's body, author, verdicts and place, their order, and their number against what k coordinators count in
 * copies of their own. Says what does not hold and what could not be checked, and throws for neither.
 *
 * @param party - The patient.
 * @param options.ledger - A ledger that the logs' checkpoints are compared with.
 * @throws MedsealError with the code of the refusal; `NOT_FOUND` on a device of someone who is not a patient.
 */
export async function examineAudit(
  party: Party,
  options: { readonly ledger?: LedgerProvider } = {},
): Promise<Audit> {
  const { handle } = await readPatientState(party);
  const view: View = {
    log: party.log,
    what: 'audit',
    handle,
    record: ZERO32,
    version: 0,
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  };
  const { acknowledgement, release } = await submitEvidence(party, 'View', view);
  const key = { ticket: release?.ticket ?? '', request: digestOf(party, 'View', view) };
  const released = { handle, acknowledgement, key, ...options };
  const logs: AuditedLog[] = [];
  for (const { name } of logOf(party.network, party.log).channel.logs) {
    logs.push(await examineLog(party, released, name));
  }
  return { handle, acknowledgement, logs };
}

async function examineLog(party: Party, released: Released, log: LogName): Promise<AuditedLog> {
  try {
    return await examineReachable(party, released, log);
  } catch (error) {
    const nothing = { log, events: [], complete: false };
    if (isMedsealError(error, 'EVIDENCE_INVALID')) {
      return { ...nothing, faults: [error.values.reason], unchecked: [] };
    }
    const { code, message } = toMedsealError(error);
    const why = code === 'NOT_YET' ? 'it has no checkpoint yet' : `what it holds: ${message}`;
    return { ...nothing, faults: [], unchecked: [why] };
  }
}

async function examineReachable(
  party: Party,
  { handle, acknowledgement, key, ledger }: Released,
  log: LogName,
): Promise<AuditedLog> {
  // A checkpoint over this very audit is not an old one; the coordinators promised when it comes.
  const covering = acknowledgement.log === log ? acknowledgement.index : undefined;
  const checkpoint = await confirmCheckpoint(party, log, {
    ...(covering !== undefined && { covering, promised: promisedFor(acknowledgement) }),
    ...(ledger && { ledger }),
  });
  const { size, root } = checkpoint;
  const query = { ...key, log, size, root, handle };
  const events = await examineEntries(party, acknowledgementCheck(party, party.network), query);
  const { agreed, answered, others } = await confirmCount(party, query);

  const faults: string[] = [];
  const unchecked = [`entries after the first ${size} of the log`];
  if (agreed === undefined) {
    unchecked.push(`whether the list is whole: ${answered} organisations counted alike or at all`);
  } else {
    faults.push(...differences(events, agreed));
  }
  if (covering !== undefined && !events.some(({ index }) => index === covering)) {
    faults.push('this audit itself is not listed');
  }
  const erased = events.filter(({ body, fault }) => body === undefined && fault === undefined);
  if (erased.length > 0) unchecked.push(`what ${erased.length} erased entries said`);
  for (const coordinator of others) {
    unchecked.push(`why coordinator ${coordinator} counts otherwise than the others`);
  }
  return { log, checkpoint, events, complete: agreed !== undefined, faults, unchecked };
}

/** By when the log must hold an entry, as its coordinators promised, Unix seconds. */
function promisedFor({ verdicts }: Acknowledgement): number {
  return Math.max(0, ...verdicts.map(({ verdict }) => verdict.includeBy));
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
