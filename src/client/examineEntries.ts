import { hexToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../crypto/merkle/verifyInclusion.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import type { AcknowledgementCheck } from '../protocol/acknowledgementCheck.ts';
import type { AuditQuery } from '../protocol/AgentPort.ts';
import { checkEvidence } from '../protocol/checkEvidence.ts';
import type { AuditedEntry, Body } from '../protocol/evidence.ts';
import type { Bytes32, Handle } from '../protocol/ids.ts';
import type { AuditEvent } from './Audit.ts';
import type { Party } from './Party.ts';

/**
 * Fetches the entries of a log that a node lists for a patient, and examines each: that it is about the patient, its
 * author signed it and coordinators judged it, and the checkpoint holds it at its place, which comes after the last.
 *
 * @param party - The patient.
 * @param check - Checks bodies, authors and verdicts.
 * @param wanted - The acknowledged audit, the log, its checkpoint, and the patient.
 * @returns The entries, each with its fault where it has one.
 * @throws MedsealError of the node.
 */
export async function examineEntries(
  party: Party,
  check: AcknowledgementCheck,
  wanted: AuditQuery & { readonly handle: Handle },
): Promise<readonly AuditEvent[]> {
  const { handle, ...query } = wanted;
  const root = hexToBytes(wanted.root);
  const events: AuditEvent[] = [];
  const listed = new Set<Bytes32>();
  let next = 0;
  for (;;) {
    const page: unknown = await party.agent.audit({ ...query, from: next });
    if (!isPage(page)) throw new MedsealError('PEER_MALFORMED', { what: 'audit' });
    if (page.length === 0) return events;
    for (const entry of page) {
      events.push(examine(entry));
      // A list that goes back, or beyond the log, could go on for ever.
      if (!(entry.index >= next && entry.index < wanted.size)) return events;
      next = entry.index + 1;
    }
  }

  function examine(audited: AuditedEntry): AuditEvent {
    const { log } = wanted;
    const { index, entry } = audited;
    try {
      const body = checkEvidence(() => hold(audited));
      listed.add(entry);
      return { log, index, entry, ...(body && { body }) };
    } catch (error) {
      const { values, message } = toMedsealError(error);
      return { log, index, entry, fault: 'reason' in values ? values.reason : message };
    }
  }

  function hold({ index, entry, body: text, verdicts, inclusion }: AuditedEntry): Body | undefined {
    const { log, size } = wanted;
    if (!Number.isSafeInteger(index)) throw invalid('it has no place');
    if (listed.has(entry)) throw invalid('it is listed twice');
    if (index < next) throw invalid('it is out of order');
    const leaf = leafHash(party.primitives, hexToBytes(entry));
    const proof = inclusion.map(hexToBytes);
    if (!verifyInclusion(party.primitives, { index, size, leaf, proof, root })) {
      throw invalid('the checkpoint does not hold it at its place');
    }
    if (text === undefined) {
      check.verdicts({ log, entry, verdicts });
      return undefined;
    }
    const body = check.body({ log, entry, verdicts, body: text });
    if (body.format !== 'medseal-body/1' || body.request.message.handle !== handle) {
      throw invalid('it is not about the patient');
    }
    return body;
  }
}

function isPage(value: unknown): value is readonly AuditedEntry[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null)
  );
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
