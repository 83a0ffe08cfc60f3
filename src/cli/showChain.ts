import type { AuditEvent } from '../client/Audit.ts';
import { examineAudit } from '../client/examineAudit.ts';
import { faultsOf } from '../client/readAudit.ts';
import { bytesToHex, concatBytes, hexToBytes } from '../crypto/bytes.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { namesOf } from './contact/findContact.ts';
import { describeBody, describeMoment, short } from './describeBody.ts';
import { openVisitor } from './home/openVisitor.ts';
import type { VisitorOptions } from './sharedOptions.ts';
import type { Answer } from './terminal/Answer.ts';
import type { Terminal } from './terminal/Terminal.ts';

/**
 * Shows all that concerns a patient as a chain of numbered blocks (P3): the first follows from the chart's handle,
 * each other from the one before, so that the last hash stands for all of them, in their order.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - See `medseal chain --help`.
 */
export async function showChain(terminal: Terminal, options: VisitorOptions): Promise<Answer> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const found = await examineAudit(party);
  const names = await namesOf(visitor);
  const faults = faultsOf(found);
  let previous: Bytes32 = found.handle;
  const blocks = found.logs
    .flatMap(({ events }) => events)
    .toSorted((left, right) => (left.body?.at ?? 0) - (right.body?.at ?? 0))
    .map(({ log, index, entry, ...event }, number) => {
      const hash = bytesToHex(
        party.primitives.sha256(concatBytes(hexToBytes(previous), hexToBytes(entry))),
      );
      const block = { number, log, index, entry, previous, hash, ...told(event, names) };
      previous = hash;
      return block;
    });
  const ok = faults.length === 0;
  return {
    ok,
    value: { genesis: found.handle, blocks, last: previous, faults },
    text: [
      `Genesis  ${found.handle}, the chart`,
      ...blocks.map(
        ({ number, log, index, hash, at, text, safe }) =>
          `${String(number).padStart(7)}  ${short(hash)}  ${safe ? 'Safe    ' : 'Not safe'}  ${at}  ${text}\n${' '.repeat(21)}${log} #${index}`,
      ),
      '',
      `${blocks.length} blocks; the last hash is ${previous}`,
      ...faults.map((fault) => `Not safe: ${fault}`),
      '"medseal verify chain" says what was checked of each, and what was not.',
    ].join('\n'),
  };
}

function told(
  { body, fault }: Pick<AuditEvent, 'body' | 'fault'>,
  names: ReadonlyMap<string, string>,
): { readonly at: string; readonly text: string; readonly safe: boolean } {
  if (body === undefined) return { at: '', text: fault ?? 'what it said was erased', safe: !fault };
  const { party } = body.request;
  const text = `${names.get(party) ?? short(party)} ${describeBody(body)}`;
  return { at: describeMoment(body.at), text, safe: fault === undefined };
}
