import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { followPromise, type FollowedPromise } from '../../client/audit/followPromise.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Acknowledgement, History, Receipt } from '../../protocol/evidence.ts';
import { examinePromise, type PromiseFinding } from '../../protocol/examinePromise.ts';
import { findForks } from '../../protocol/findForks.ts';
import type { Address, LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import { describeMoment } from '../describeBody.ts';
import { keepEvidence } from '../evidence/keepEvidence.ts';
import { agentAt, nodesAt } from '../home/Nodes.ts';
import type { Finding } from './Finding.ts';

/** Trusted data that evidence is verified against. */
export interface Verifier extends SigningContext {
  readonly network: NetworkFile;
}

/** Sources beside the files that tell if promises were kept. */
export interface PromiseSources {
  readonly ledger?: LedgerProvider;
  /** Addresses of the nodes, as `nodesAt` takes them. */
  readonly url?: readonly string[];
  /** Folder to keep what convicts somebody in. */
  readonly keep?: string;
}

/** A promise that was kept in a file, and what its entry says. */
interface Promised {
  readonly file: string;
  readonly acknowledgement: Acknowledgement;
  readonly says: string;
}

/** Evidence of which each holds by itself, held against each other: promises against histories, histories as one. */
export class EvidenceSet {
  readonly #verifier: Verifier;
  readonly #sources: PromiseSources;
  readonly #receipts: Receipt[] = [];
  readonly #histories: { readonly file: string; readonly history: History }[] = [];
  readonly #promises: Promised[] = [];

  constructor(verifier: Verifier, sources: PromiseSources) {
    this.#verifier = verifier;
    this.#sources = sources;
  }

  /** Takes a verified receipt. */
  addReceipt(receipt: Receipt): void {
    this.#receipts.push(receipt);
  }

  /** Takes a verified history. */
  addHistory(file: string, history: History): void {
    this.#histories.push({ file, history });
  }

  /** Takes a verified acknowledgement. */
  addPromise(file: string, acknowledgement: Acknowledgement, says: string): void {
    this.#promises.push({ file, acknowledgement, says });
  }

  /** Returns the outcome of each promise, and the signers whom contradicting evidence convicts. */
  async findings(): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for (const each of this.#promises) findings.push(await this.#examine(each));
    const histories = this.#histories.map(({ history }) => history);
    const evidence = { receipts: this.#receipts, histories };
    for (const fork of findForks(this.#verifier, this.#verifier.network, evidence)) {
      const { log, sizes, why, organisation, signers } = fork;
      const sized = sizes[0] === sizes[1] ? `${sizes[0]}` : `${sizes[0]} and of ${sizes[1]}`;
      const convicts = { organisation, signers: this.#named(log, signers) };
      findings.push({
        what: `${log} of ${sized} entries`,
        safe: false,
        detail: `two different histories are signed: ${why}. ${describe(convicts, 'signed both')}`,
        convicts,
      });
    }
    return findings;
  }

  /** Returns the promises whose outcome the files alone do not tell. */
  unchecked(): readonly string[] {
    const asked = this.#sources.url !== undefined;
    const open = this.#promises.filter(
      ({ acknowledgement: { log } }) => !asked && this.#historiesOf(log).length === 0,
    );
    return open.map(
      ({ file }) =>
        `that the promise of ${file} was kept: add a history of the log ("medseal log --history"), or --url with --rpc`,
    );
  }

  async #examine({ file, acknowledgement, says }: Promised): Promise<Finding> {
    const { log } = acknowledgement;
    try {
      const found = await this.#follow(acknowledgement);
      if (found === undefined) {
        const detail = `promised for ${log}; only a receipt proves its place there: ${says}`;
        return { what: file, safe: true, detail };
      }
      const { finding, size, by } = found;
      if (finding.promise === 'kept') {
        return { what: file, safe: true, detail: `${log} #${finding.index} of ${size}: ${says}` };
      }
      const due = `promised for ${log} by ${describeMoment(finding.includeBy)}`;
      if (finding.promise === 'open') {
        const detail = `${due}; not there yet by ${by}, and not proven overdue: ${says}`;
        return { what: file, safe: true, detail };
      }
      const { organisation, signers } = finding;
      const convicts = { organisation, signers: this.#named(log, signers) };
      const lacks = `${due}, but missing among the ${size} entries that ${by} has from after that time`;
      const detail = `${lacks}. ${describe(convicts, 'promised it')}. The promise: ${says}`;
      return { what: file, safe: false, detail, convicts };
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      return { what: file, safe: false, detail: error.values.reason };
    }
  }

  /** Returns the outcome of a promise: from the histories in the files, else from the nodes. */
  async #follow(
    acknowledgement: Acknowledgement,
  ): Promise<{ finding: PromiseFinding; size: number; by: string } | undefined> {
    const { network } = this.#verifier;
    const later = [...this.#receipts, ...this.#promises].map((each) => each.acknowledgement);
    let best: { finding: PromiseFinding; size: number; by: string } | undefined;
    for (const { file, history } of this.#historiesOf(acknowledgement.log)) {
      const { checkpoint } = history;
      const finding = await examinePromise(this.#verifier, network, {
        acknowledgement,
        checkpoint,
        madeAfter: 0,
        later,
        entries: entriesOf(history),
      });
      best = moreSaid(best, { finding, size: checkpoint.size, by: file });
    }
    const { ledger, url } = this.#sources;
    if (best?.finding.promise === 'kept' || best?.finding.promise === 'broken') return best;
    if (ledger === undefined || url === undefined) return best;
    const { organisation } = logOf(network, acknowledgement.log).log;
    const agent = agentAt(nodesAt(url), organisation);
    const asker = { ...this.#verifier, agent };
    const found = await followPromise(asker, acknowledgement, { ledger, later });
    await this.#keep(acknowledgement, found);
    return { finding: found, size: found.checkpoint.size, by: `the node of ${organisation}` };
  }

  async #keep(acknowledgement: Acknowledgement, found: FollowedPromise): Promise<void> {
    const { keep } = this.#sources;
    if (keep === undefined || found.history === undefined) return;
    await keepEvidence(keep, { acknowledgement, history: found.history, later: [] });
  }

  #historiesOf(log: LogName): readonly { readonly file: string; readonly history: History }[] {
    return this.#histories.filter(({ history }) => history.checkpoint.log === log);
  }

  /** Returns coordinators with their organisations. */
  #named(log: LogName, signers: readonly Address[]): NonNullable<Finding['convicts']>['signers'] {
    const { coordinators } = logOf(this.#verifier.network, log).channel;
    return coordinators.filter(({ address }) => signers.includes(address));
  }
}

/** Kept says more than broken where two histories differ, and either more than open. */
function moreSaid<Found extends { finding: PromiseFinding }>(
  one: Found | undefined,
  other: Found,
): Found {
  const order = ['open', 'broken', 'kept'];
  if (one === undefined) return other;
  return order.indexOf(one.finding.promise) >= order.indexOf(other.finding.promise) ? one : other;
}

function describe(
  { organisation, signers }: NonNullable<Finding['convicts']>,
  did: string,
): string {
  const names = signers.map((each) => `${each.organisation} (${each.address})`).join(', ');
  return `That convicts ${organisation}, whose log it is, and the coordinators that ${did}: ${names}`;
}

function* entriesOf({ entries }: History): Generator<Uint8Array> {
  const bytes = hexToBytes(entries);
  for (let at = 0; at < bytes.length; at += 32) yield bytes.subarray(at, at + 32);
}
