import { readBlocks } from '../../bindings/readBlocks.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { AgentContext } from './AgentContext.ts';
import { ledgerPages } from './ledgerPages.ts';

/** Number of entries in one page. */
const ENTRIES = 256;
/** Number of checkpoints in one page. */
const PAGE = 64;

/** Part of an agent that tells anyone of logs and ledger: nothing in it is secret. */
export type Explorer = Pick<
  AgentPort,
  'blocks' | 'checkpoints' | 'consistency' | 'entries' | 'inclusion'
>;

/**
 * Answers anonymous readers.
 *
 * @param agent - The agent's context.
 */
export function explorerOf({ logs, ledger, network, index }: AgentContext): Explorer {
  const pages = ledgerPages({
    newest: async () => {
      await index.refresh();
      return index.block;
    },
    read: async (range) => await readBlocks(ledger, network.contracts, range),
  });
  return {
    async checkpoints({ log: name, from }) {
      const log = held(name);
      const found: PlacedCheckpoint[] = [];
      for (let size = from; found.length < PAGE && size < log.size;) {
        const next = await log.checkpointCovering(size);
        if (next === undefined) break;
        found.push(next);
        ({ size } = next.checkpoint);
      }
      return found;
    },
    async entries({ log: name, from }) {
      const log = held(name);
      const stored = await log.stored({
        from: Math.min(from, log.size),
        to: Math.min(from + ENTRIES, log.size),
      });
      return stored.map(({ index, entry }) => ({ index, entry }));
    },
    async inclusion({ log: name, index, size }) {
      const log = held(name);
      const [proof, root, [stored]] = await Promise.all([
        log.inclusion(index, size),
        log.root(size),
        log.stored({ from: index, to: index + 1 }),
      ]);
      if (stored === undefined) throw new MedsealError('NOT_FOUND', { what: 'entry' });
      return { entry: stored.entry, root, proof };
    },
    async consistency({ log: name, from, to }) {
      const log = held(name);
      const [proof, before, after] = await Promise.all([
        log.consistency(from, to),
        log.root(from),
        log.root(to),
      ]);
      return { before, after, proof };
    },
    blocks: async ({ from }) => await pages(from),
  };

  function held(name: LogName): EvidenceLog {
    const log = logs.get(name);
    if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
    return log;
  }
}
