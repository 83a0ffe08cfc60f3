import type { AuditedLog, AuditEvent } from '../../client/audit/Audit.ts';
import type { ChainBlock } from '../../client/witness/chainBlocks.ts';
import type { ExaminedChain } from '../../client/witness/examineChain.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { describeBody, describeMoment } from '../describeBody.ts';
import type { Finding, Findings } from './Finding.ts';

/**
 * Makes the findings of a chain: of each block whether it is safe and why, with its entries; of each log
 * whether the list is whole; what could not be checked.
 *
 * @param chain - The chain, as `examineChain` found it.
 * @param prefix - Text before the name of each, such as the name of a file.
 * @param says - Words for what the sealed file of an entry shows, by the entry.
 */
export function chainFindings(
  { blocks, logs, faults }: ExaminedChain,
  prefix = '',
  says: ReadonlyMap<Bytes32, string> = new Map(),
): Pick<Findings, 'findings' | 'unchecked'> {
  return {
    findings: [
      ...blocks.map((block) => ({
        ...findingOf(block, says),
        what: `${prefix}block ${block.header.number}`,
      })),
      ...logs.flatMap(wholeOf).map((each) => ({ ...each, what: prefix + each.what })),
      ...faults.map((detail) => ({ what: `${prefix}chain`, safe: false, detail })),
    ],
    unchecked: logs.flatMap(({ log, unchecked }) => unchecked.map((what) => `${log}: ${what}`)),
  };
}

function findingOf(
  { header, events, bytes, faults }: ChainBlock,
  says: ReadonlyMap<Bytes32, string>,
): Omit<Finding, 'what'> {
  const entries = `${events.length} ${events.length === 1 ? 'entry' : 'entries'}, ${bytes} bytes`;
  const held = 'each signed by its author, judged by k coordinators, and at its place in its log';
  return {
    safe: faults.length === 0,
    detail: faults.length === 0 ? `${entries}, ${held}` : faults.join('; '),
    notes: [
      `timestamp ${describeMoment(header.timestamp)}`,
      `hash ${header.hash}`,
      `previous hash ${header.previousHash}`,
      `Merkle root ${header.merkleRoot}`,
    ],
    header,
    entries: events.map((event) => entryOf(event, says.get(event.entry))),
  };
}

function entryOf({ log, index, body, fault }: AuditEvent, says?: string): Finding {
  const what = `${log} #${index}`;
  if (fault !== undefined) return { what, safe: false, detail: fault };
  const detail =
    body === undefined
      ? 'judged and in its place; its text was erased'
      : `${body.request.party} ${describeBody(body)}${says === undefined ? '' : `; ${says}`}`;
  return { what, safe: true, detail };
}

/** Findings of a list as a whole. */
function wholeOf({ log, checkpoint, events, complete, faults }: AuditedLog): readonly Finding[] {
  if (faults.length > 0) return faults.map((detail) => ({ what: log, safe: false, detail }));
  if (!complete || checkpoint === undefined) return [];
  const { size } = checkpoint;
  const detail = `the list is complete: ${events.length} of the first ${size} entries belong to it`;
  return [{ what: log, safe: true, detail }];
}
