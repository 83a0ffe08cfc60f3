import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Acknowledgement, ChainPart } from '../protocol/evidence.ts';
import { ZERO32, type Handle, type LogName } from '../protocol/ids.ts';
import { logOf } from '../protocol/networkLookups.ts';
import type { View } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Audit, AuditedLog } from './Audit.ts';
import { confirmCheckpoint } from './confirmCheckpoint.ts';
import { confirmCount } from './confirmCount.ts';
import { examinePart } from './examinePart.ts';
import { fetchEntries } from './fetchEntries.ts';
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
  const parts: ChainPart[] = [];
  for (const { name } of logOf(party.network, party.log).channel.logs) {
    const part = await fetchPart(party, released, name).catch((error: unknown) =>
      unexamined(name, error),
    );
    if ('faults' in part) {
      logs.push(part);
    } else {
      parts.push(part);
      logs.push(examinePart(party, released, part));
    }
  }
  return { handle, acknowledgement, logs, parts };
}

/** A log of which nothing could be examined, and why. */
function unexamined(log: LogName, error: unknown): AuditedLog {
  const nothing = { log, events: [], complete: false };
  if (isMedsealError(error, 'EVIDENCE_INVALID')) {
    return { ...nothing, faults: [error.values.reason], unchecked: [] };
  }
  const { code, message } = toMedsealError(error);
  const why = code === 'NOT_YET' ? 'it has no checkpoint yet' : `what it holds: ${message}`;
  return { ...nothing, faults: [], unchecked: [why] };
}

async function fetchPart(
  party: Party,
  { handle, acknowledgement, key, ledger }: Released,
  log: LogName,
): Promise<ChainPart> {
  // A checkpoint over this very audit is not an old one; the coordinators promised when it comes.
  const covering = acknowledgement.log === log ? acknowledgement.index : undefined;
  const checkpoint = await confirmCheckpoint(party, log, {
    ...(covering !== undefined && { covering, promised: promisedFor(acknowledgement) }),
    ...(ledger && { ledger }),
  });
  const { size, root } = checkpoint;
  const query = { ...key, log, size, root };
  const entries = await fetchEntries(party, query);
  const tallies = await confirmCount(party, { ...query, handle });
  return { log, checkpoint, entries, tallies };
}

/** By when the log must hold an entry, as its coordinators promised, Unix seconds. */
function promisedFor({ verdicts }: Acknowledgement): number {
  return Math.max(0, ...verdicts.map(({ verdict }) => verdict.includeBy));
}
