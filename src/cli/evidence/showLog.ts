import { readCheckpoints } from '../../client/audit/readCheckpoints.ts';
import { readEntries } from '../../client/audit/readEntries.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName } from '../../protocol/ids.ts';
import { describeMoment } from '../describeBody.ts';
import { findHome, nodesOf } from '../home/Home.ts';
import { agentOfLog } from './agentOfLog.ts';
import { saveHistory } from './saveHistory.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { LOG_ROW, LOG_SHOWN } from './evidenceAnswers.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** Options of `medseal log`. */
export interface LogOptions extends HomeOptions {
  readonly url?: readonly string[];
  readonly log?: LogName;
  readonly checkpoints?: boolean;
  readonly batches?: boolean;
  readonly entries?: boolean;
  readonly history?: string;
}

/**
 * Shows logs as their nodes tell them: size and root, or every checkpoint, batch or entry; a log whose organisation left or is
 * away as another one has copied it. The output is not verified: `medseal verify log` does that. Or keeps one as a file,
 * once it is verified.
 */
export async function showLog(
  terminal: Terminal,
  options: LogOptions,
): Promise<AnswerOf<typeof LOG_SHOWN>> {
  const network = await readAnyNetwork(options);
  const nodes = await nodesOf(findHome(options), options.url, terminal);
  const names = network.channels.flatMap(({ logs }) => logs.map(({ name }) => name));
  if (options.history !== undefined) {
    if (options.log === undefined) {
      const reason = 'give --log too, the log to save';
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--history', reason });
    }
    const agent = await agentOfLog(terminal, { network, nodes }, options.log);
    return await saveHistory(network, agent, options.log, options.history);
  }
  const rows: Row[] = [];
  for (const name of options.log === undefined ? names : [options.log]) {
    const agent = await agentOfLog(terminal, { network, nodes }, name);
    for await (const row of rowsOf(agent, name, options)) rows.push(row);
  }
  return {
    value: { rows: rows.map(({ value }) => value) },
    lines: rows.flatMap(({ lines }) => lines),
  };
}

/** Lines for a person, and the same for a program. */
interface Row {
  readonly lines: readonly string[];
  readonly value: Of<typeof LOG_ROW>;
}

function rowsOf(agent: AgentPort, log: LogName, options: LogOptions): AsyncIterable<Row> {
  if (options.checkpoints === true) return checkpointRows(agent, log);
  if (options.batches === true) return batchRows(agent, log);
  if (options.entries === true) return entryRows(agent, log);
  return summary(agent, log);
}

async function* summary(agent: AgentPort, log: LogName): AsyncGenerator<Row> {
  const { size, root, signatures } = await newest(agent, log);
  const by = signatures.length;
  const text = `${log.padEnd(20)} ${size} entries, root ${root}, signed by ${by} coordinators`;
  yield { lines: [text], value: { log, size, root, signatures: by } };
}

async function* checkpointRows(agent: AgentPort, log: LogName): AsyncGenerator<Row> {
  for await (const { checkpoint, ledger } of readCheckpoints(agent, log)) {
    const { size, root } = checkpoint;
    const { transaction, block } = ledger;
    const text = `${log} ${size} entries, root ${root}, block ${block}, transaction ${transaction}`;
    yield { lines: [text], value: { log, size, root, transaction, block } };
  }
}

async function* batchRows(agent: AgentPort, log: LogName): AsyncGenerator<Row> {
  for (let next = 0; ;) {
    const page = await agent.batches({ log, from: next });
    if (page.length === 0) return;
    for (const batch of page) {
      const { number, timestamp, hash, previousHash, merkleRoot } = batch.header;
      const open = batch.complete ? '' : ', still open';
      yield {
        lines: [
          `${log} batch ${number}: entries ${batch.from} to ${batch.to - 1}, ${batch.bytes} bytes${open}`,
          `  timestamp     ${describeMoment(timestamp)}`,
          `  hash          ${hash}`,
          `  previous hash ${previousHash}`,
          `  Merkle root   ${merkleRoot}`,
        ],
        value: { log, ...batch },
      };
    }
    next += page.length;
  }
}

async function* entryRows(agent: AgentPort, log: LogName): AsyncGenerator<Row> {
  const { size } = await newest(agent, log);
  let index = 0;
  for await (const { entry } of readEntries(await createNativePrimitives(), agent, log, size)) {
    yield {
      lines: [`${log} #${index} ${bytesToHex(entry)}`],
      value: { log, index, entry: bytesToHex(entry) },
    };
    index += 1;
  }
}

async function newest(
  agent: AgentPort,
  log: LogName,
): Promise<{ size: number; root: string; signatures: readonly unknown[] }> {
  return await agent.checkpoint(log).catch((error: unknown) => {
    if (!isMedsealError(error, 'NOT_YET')) throw error;
    return { size: 0, root: 'of an empty log', signatures: [] };
  });
}
