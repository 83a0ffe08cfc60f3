import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { copyWitness } from '../witness/copyWitness.ts';
import { ledgerWitness } from '../witness/ledgerWitness.ts';
import {
  examineLog,
  type ExaminationContext,
  type ExaminedLog,
  type LogSource,
} from './examineLog.ts';
import { provesFault } from './provesFault.ts';

/** Sources of logs and of what they are compared with. */
export interface LogsSources {
  /** Node of an organisation; undefined if its address is unknown. */
  readonly agentOf: (
    organisation: Organisation,
  ) => (LogSource & Pick<AgentPort, 'network'>) | undefined;
  /** A ledger that the checkpoints are compared with. */
  readonly ledger?: LedgerProvider;
  /** Name of the only log to examine; all logs of all channels if absent. */
  readonly log?: LogName;
}

/** Findings about a log that was compared with every source that could be reached. */
export interface ComparedLog extends ExaminedLog {
  /** Organisation that appends to it. */
  readonly organisation: Organisation;
  /** Organisations of the channel whose node is unknown or not at its address: nothing of theirs was compared. */
  readonly absent: readonly Organisation[];
  /** Reason why the log was not read, so that nothing of it was checked; absent if it was. */
  readonly unread?: string;
}

/**
 * Examines whole logs as their nodes serve them, each compared with the copies of its channel's other organisations
 * and with the ledger. A log whose node is absent, or does not answer, was not read: it has no fault, and is not safe. That of
 * an organisation that left is read from another one's copy.
 *
 * @param context - Network, domain, primitives and clock.
 * @param sources - See `LogsSources`.
 * @returns Findings of each log, in the order of the network file.
 * @throws MedsealError `NOT_FOUND` if the network has no log of that name; of the ledger.
 * @example
 * ```ts
 * const agentOf = (organisation: string) => httpAgent(`http://127.0.0.1:8480/${organisation}`);
 * for (const { log, unread, faults } of await examineLogs(auditor, { agentOf, ledger })) {
 *   console.log(log, unread ?? (faults.length === 0 ? 'no faults' : faults.join('; ')));
 * }
 * ```
 */
export async function examineLogs(
  context: ExaminationContext,
  sources: LogsSources,
): Promise<readonly ComparedLog[]> {
  const { network } = context;
  const { agentOf, ledger, log: only } = sources;
  const logs = network.channels.flatMap((channel) => channel.logs);
  const present = (name: LogName): readonly Organisation[] =>
    logOf(network, name).channel.coordinators.map((member) => member.organisation);
  // One that left is not asked, whoever answers at its address.
  const absent = await absentOf(
    logs.flatMap(({ name }) => present(name)),
    agentOf,
  );
  const chosen = only === undefined ? logs : [logOf(network, only).log];
  const compared: ComparedLog[] = [];
  for (const { name, organisation } of chosen) {
    const others = present(name).filter((each) => each !== organisation);
    const hasLeft = !present(name).includes(organisation);
    // The log of one that left is read where a copy of it is.
    const source = hasLeft ? others.find((each) => !absent.has(each)) : organisation;
    const witnesses = [
      ...(ledger ? [ledgerWitness(network, ledger, name)] : []),
      ...others.flatMap((other) => {
        const agent = absent.has(other) || other === source ? undefined : agentOf(other);
        return agent === undefined ? [] : [copyWitness(context, other, agent, name)];
      }),
    ];
    const agent = source === undefined || absent.has(source) ? undefined : agentOf(source);
    const examined =
      agent === undefined
        ? { ...nothingOf(name), unread: `the node of ${organisation} is not there` }
        : await examineLog(context, agent, name, witnesses).catch((error: unknown) => {
            if (!(error instanceof MedsealError)) throw error;
            const nothing = nothingOf(name);
            if (provesFault(error)) return { ...nothing, faults: [error.message] };
            // A node that does not answer has not shown that its log is safe, nor that it is not.
            return { ...nothing, unread: error.message };
          });
    const asked = hasLeft ? others : [organisation, ...others];
    const away = asked.filter((each) => absent.has(each));
    compared.push({ ...examined, organisation, absent: away });
  }
  return compared;
}

/** Returns the organisations whose node is unknown or not at its address. */
async function absentOf(
  organisations: readonly Organisation[],
  agentOf: LogsSources['agentOf'],
): Promise<ReadonlySet<Organisation>> {
  const asked = [...new Set(organisations)].map(async (organisation) => {
    try {
      const agent = agentOf(organisation);
      await agent?.network();
      return agent === undefined ? [organisation] : [];
    } catch (error) {
      // Another node at that address says so; one that keeps something back, or is silent, is there.
      return isMedsealError(error, 'NOT_FOUND') ? [organisation] : [];
    }
  });
  return new Set((await Promise.all(asked)).flat());
}

function nothingOf(log: LogName): ExaminedLog {
  return {
    log,
    entries: 0,
    root: '0x',
    checkpoints: 0,
    witnesses: [],
    faults: [],
    unchecked: [],
  };
}
