import { hexToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { AnchoredCheckpoint, EvidenceLog, NewEntry } from '../log/EvidenceLog.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32, LogName, Organisation } from '../protocol/ids.ts';
import { logOf } from '../protocol/networkLookups.ts';
import type { Write } from '../protocol/requests.ts';
import { verifyEntry } from '../protocol/verifyAcknowledgement.ts';
import { verifyCheckpoint } from '../protocol/verifyCheckpoint.ts';
import type { Vault } from '../vault/Vault.ts';
import { keptOf } from './keptOf.ts';
import type { KeptStore } from './KeptStore.ts';
import { newEntryOf } from './newEntryOf.ts';
import type { ContributorPort } from './ports.ts';
import type { ServiceContext } from './ServiceContext.ts';

/** How many acknowledgements are copied at a time. */
const PAGE = 256;
/** How long a copied file may wait for the entry that names it, seconds. */
const COPY_LEASE = 3600;

/** What a contributor needs beside the context. */
export interface ContributorOptions {
  /** Every log of the channel: the organisation's own and its copies of the others. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly vault: Vault;
  readonly kept: KeptStore;
  /** The contributor of another organisation. */
  readonly contributorOf: (organisation: Organisation) => ContributorPort;
}

/** A contributor with what its own organisation asks of it. */
export interface Contributor extends ContributorPort {
  /** Copies what the peers' logs hold that the copies here do not; a peer that can not be reached is passed over. */
  catchUp(): Promise<void>;
}

/**
 * Makes a contributor: it copies the channel's logs and sealed files, checks all that it copies, and gives them to
 * its peers.
 *
 * @param context - The organisation's context.
 * @param options - Stores and peers.
 */
export function createContributor(
  context: ServiceContext,
  options: ContributorOptions,
): Contributor {
  const { network, organisation, clock } = context;
  const { logs, vault, kept, contributorOf } = options;
  const copying = new Map<LogName, Promise<unknown>>();

  return {
    stat: async (hash) => await vault.stat(hash),
    file: (hash) => vault.get(hash),
    async keep(keepsake) {
      await context.index.refresh();
      await kept.keep(keptOf(context, keepsake));
    },
    state: async (handle) => await kept.state(handle),
    read: async ({ log, from, to }) =>
      await held(log).read({ from, to: Math.min(to, from + PAGE) }),
    latestCheckpoint: async (log) => await held(log).latestCheckpoint(),
    notice,
    catchUp,
  };

  function held(name: LogName): EvidenceLog {
    const log = logs.get(name);
    if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
    return log;
  }

  async function catchUp(): Promise<void> {
    const others = [...logs.values()].filter((log) => log.identity.organisation !== organisation);
    await Promise.allSettled(
      others.map(async ({ identity }) => {
        const peer = contributorOf(identity.organisation);
        const latest = await peer.latestCheckpoint(identity.name);
        if (latest !== undefined) await notice(latest);
      }),
    );
  }

  async function notice(anchored: AnchoredCheckpoint): Promise<void> {
    const { log: name } = anchored.checkpoint;
    const before = copying.get(name) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(async () => await copy(anchored));
    copying.set(name, mine);
    await mine;
  }

  async function copy(anchored: AnchoredCheckpoint): Promise<void> {
    const { checkpoint } = anchored;
    const log = held(checkpoint.log);
    if (log.identity.organisation === organisation) return;
    verifyCheckpoint(context, network, checkpoint);
    if (checkpoint.size <= log.size) {
      const same = (await log.root(checkpoint.size)) === checkpoint.root;
      if (!same) throw invalid('it contradicts what the log was before');
      await log.keepCheckpoint(anchored);
      return;
    }
    const peer = contributorOf(logOf(network, checkpoint.log).log.organisation);
    const news: Acknowledgement[] = [];
    while (log.size + news.length < checkpoint.size) {
      const from = log.size + news.length;
      const page = await peer.read({ log: checkpoint.log, from, to: checkpoint.size });
      if (page.length === 0) throw new MedsealError('PEER_MALFORMED', { what: 'page of a log' });
      news.push(...page);
    }
    const root = await log.rootWith(news.map(({ entry }) => hexToBytes(entry)));
    if (root !== checkpoint.root) throw invalid('the entries are not those of the checkpoint');
    const writes: Write[] = [];
    const entries = new Map<Bytes32, NewEntry>();
    for (const acknowledgement of news) {
      if (acknowledgement.log !== checkpoint.log) throw invalid('an entry is of another log');
      const body = verifyEntry(context, network, acknowledgement);
      const entry = newEntryOf(context, acknowledgement, body);
      if (entries.has(entry.request) || (await log.answerTo(entry.request)) !== undefined) {
        throw invalid('a request has two entries');
      }
      if (entry.version && 'request' in body) writes.push(body.request.message as Write);
      entries.set(entry.request, entry);
    }
    for (const write of writes) await copyFile(write, peer);
    await log.append([...entries.values()]);
    await log.keepCheckpoint(anchored);
  }

  async function copyFile(write: Write, peer: ContributorPort): Promise<void> {
    const { file, size, handle } = write;
    if ((await vault.stat(file)) === undefined) {
      await vault.put({ hash: file, size }, peer.file(file), seconds(clock) + COPY_LEASE);
    }
    await vault.own(file, handle);
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
