import type { AuditEvent } from '../../client/audit/Audit.ts';
import { chainBlocks, chainGenesis, type ChainBlock } from '../../client/witness/chainBlocks.ts';
import { faultsOf } from '../../client/audit/readAudit.ts';
import { namesOf } from '../contact/findContact.ts';
import { examineVisitor } from './examineVisitor.ts';
import { describeBody, describeMoment, short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import type { CHAIN_SHOWN } from './evidenceAnswers.ts';

/**
 * Shows all that concerns a patient, or all that any other party signed itself, as a chain of numbered blocks (P3), within
 * P1's limits of a block: the first follows from the chart's handle or the party's address, each other from the one
 * before, so that the last hash stands for all of them, in their order.
 */
export async function showChain(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CHAIN_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const found = await examineVisitor(party, tellWaiting(terminal));
  const genesis = chainGenesis(found);
  const names = await namesOf(visitor);
  const faults = faultsOf(found);
  const blocks = (await chainBlocks(party.primitives, found)).map((block) => shown(block, names));
  const last = blocks.at(-1)?.hash ?? genesis;
  return {
    ok: faults.length === 0,
    value: { genesis, blocks, last, faults },
    lines: [
      `Genesis  ${genesis}, ${found.party === undefined ? 'the chart' : 'the party'}`,
      ...blocks.flatMap(({ number, hash, safe, entries }) => [
        `${String(number).padStart(7)}  ${short(hash)}  ${safe ? 'Safe' : 'Not safe'}`,
        ...entries.flatMap(({ log, index, at, text }) => [
          `${' '.repeat(21)}${at}  ${text}`,
          `${' '.repeat(21)}${log} #${index}`,
        ]),
      ]),
      '',
      `${blocks.length} ${blocks.length === 1 ? 'block' : 'blocks'}; the last hash is ${last}`,
      ...faults.map((fault) => `Not safe: ${fault}`),
      `Next: ${calledAs('verify chain')} lists what was verified of each block, and what was not.`,
    ],
  };
}

function shown({ header, events, faults }: ChainBlock, names: ReadonlyMap<string, string>) {
  const entries = events.map(({ log, index, entry, ...event }) => {
    return { log, index, entry, ...told(event, names) };
  });
  return { ...header, safe: faults.length === 0, entries };
}

function told(
  { body, fault }: Pick<AuditEvent, 'body' | 'fault'>,
  names: ReadonlyMap<string, string>,
): { readonly at: string; readonly text: string; readonly safe: boolean } {
  if (body === undefined) return { at: '', text: fault ?? 'its text was erased', safe: !fault };
  const { party } = body.request;
  const text = `${names.get(party) ?? short(party)} ${describeBody(body)}`;
  return { at: describeMoment(body.at), text, safe: fault === undefined };
}
