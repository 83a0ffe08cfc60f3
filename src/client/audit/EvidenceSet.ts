import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type {
  Acknowledgement,
  Body,
  EntryBody,
  History,
  Receipt,
} from '../../protocol/evidence/evidence.ts';
import { examinePromise, type PromiseFinding } from '../../protocol/evidence/examinePromise.ts';
import { findForks, type FoundFork } from '../../protocol/evidence/findForks.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import type { ReleaseProof } from '../../protocol/release/ReleaseProof.ts';
import {
  verifyReleaseProof,
  type ProvenRelease,
} from '../../protocol/release/verifyReleaseProof.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { verifyReading, type ProvenReading } from '../../protocol/sensors/verifyReading.ts';
import type { ErasureCertificate } from '../../protocol/evidence/ErasureCertificate.ts';
import { verifyErasure, type ProvenErasure } from '../../protocol/evidence/verifyErasure.ts';
import { verifyEntry } from '../../protocol/evidence/verifyAcknowledgement.ts';
import { verifyHistory } from '../../protocol/evidence/verifyHistory.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import { compareWithLedger, type LedgerCompared } from '../witness/compareWithLedger.ts';
import { examineChain, type ExaminedChain } from '../witness/examineChain.ts';
import { confirmPlace } from './confirmPlace.ts';
import { provesFault } from './provesFault.ts';
import { heldAgainst } from './heldAgainst.ts';
import { followPromise, type PromiseAsker } from './followPromise.ts';

/** Trusted data that evidence is verified against. */
export interface Verifier extends SigningContext {
  /** The pinned network file. */
  readonly network: NetworkFile;
}

/** Sources beside the evidence itself. */
export interface EvidenceSources {
  /**
   * A ledger that the verifier trusts: it must have the checkpoints of receipts, is compared with those of histories and
   * chains, and tells when promises were due.
   */
  readonly ledger?: LedgerProvider;
  /** Node of an organisation, asked for promises that the evidence does not settle; it takes a ledger too. */
  readonly agentOf?: (organisation: Organisation) => PromiseAsker['agent'];
}

/** Evidence that is valid by itself. */
export type VerifiedEvidence =
  | {
      readonly kind: 'receipt';
      readonly receipt: Receipt;
      readonly body: EntryBody;
      /** The one reading of the entry's batch that the file proves, if it does. */
      readonly reading?: ProvenReading;
    }
  | {
      readonly kind: 'acknowledgement';
      readonly acknowledgement: Acknowledgement;
      readonly body: EntryBody;
    }
  | {
      readonly kind: 'release';
      readonly release: ReleaseProof;
      /** Of the view's entry. */
      readonly body: Body;
      readonly releases: readonly ProvenRelease[];
    }
  | {
      readonly kind: 'erasure';
      readonly certificate: ErasureCertificate;
      readonly proven: ProvenErasure;
    }
  /** With what the ledger says of its checkpoint; nothing if there is no ledger. */
  | ({ readonly kind: 'history'; readonly history: History } & LedgerCompared)
  /** A patient's chain, of which each part says for itself if it is valid. */
  | { readonly kind: 'chain'; readonly chain: ExaminedChain };

/** Finding about a promise, and the entries that show it. */
export interface SettledPromise {
  readonly finding: PromiseFinding;
  /** Number of entries that it was compared with. */
  readonly size: number;
  /** Name of the history that has them; absent if a node gave them. */
  readonly history?: string;
  /** Organisation whose node gave them. */
  readonly node?: Organisation;
  /** All entries, if a node gave them and the promise was broken: with the acknowledgement they prove it to anyone. */
  readonly proof?: History;
}

/** Outcome of one promise. */
export interface PromiseOutcome {
  /** Name under which its acknowledgement was added. */
  readonly name: string;
  readonly acknowledgement: Acknowledgement;
  /** Absent if nothing tells it. */
  readonly settled?: SettledPromise;
  /** Reason why it could not be examined: the node's answer is not valid. */
  readonly fault?: string;
  /** Reason why it was not examined, such as that the node is away; then the files alone tell of it. */
  readonly unchecked?: string;
}

/** A piece of evidence with its name. */
interface Named<Evidence> {
  readonly name: string;
  readonly evidence: Evidence;
}

/**
 * Receipts, acknowledgements and histories of which each is valid by itself, compared with each other: promises with
 * histories, and all of it with one history of each log.
 */
export class EvidenceSet {
  readonly #verifier: Verifier;
  readonly #sources: EvidenceSources;
  readonly #receipts: Receipt[] = [];
  readonly #histories: Named<History>[] = [];
  readonly #promises: Named<Acknowledgement>[] = [];

  /**
   * @param verifier - Trusted data.
   * @param sources - Ledger and nodes that may be asked; with neither, the evidence alone counts.
   */
  constructor(verifier: Verifier, sources: EvidenceSources = {}) {
    this.#verifier = verifier;
    this.#sources = sources;
  }

  /**
   * Verifies a file by itself and with the ledger, if there is one, and adds it to what is compared with each other; of a
   * chain each part is examined, and it is not compared with other files. A history that the ledger contradicts is added
   * too, for it convicts its signers.
   *
   * @param name - Name of the file in the outcomes.
   * @param bytes - Content of the file.
   * @throws MedsealError `EVIDENCE_INVALID`; of the ledger.
   */
  async add(name: string, bytes: Uint8Array): Promise<VerifiedEvidence> {
    const { network } = this.#verifier;
    const { ledger } = this.#sources;
    const parsed = parseEvidenceFile(bytes);
    if (parsed.kind === 'history') {
      const { history } = parsed;
      verifyHistory(this.#verifier, network, history, { strict: true });
      this.#histories.push({ name, evidence: history });
      const compared = ledger && (await compareWithLedger(network, ledger, history.checkpoint));
      return { kind: 'history', history, faults: [], unchecked: [], ...compared };
    }
    if (parsed.kind === 'chain') {
      const examined = await examineChain(this.#verifier, parsed.chain, ledger && { ledger });
      return { kind: 'chain', chain: examined };
    }
    if (parsed.kind === 'acknowledgement') {
      const { acknowledgement } = parsed;
      const body = verifyEntry(this.#verifier, network, acknowledgement, { strict: true });
      this.#promises.push({ name, evidence: acknowledgement });
      return { kind: 'acknowledgement', acknowledgement, body };
    }
    if (parsed.kind === 'erasure') return await this.#addErasure(parsed.erasure);
    if (parsed.kind === 'release') return await this.#addRelease(name, parsed.release);
    const isReading = parsed.kind === 'reading';
    const { receipt } = isReading ? parsed.reading : parsed;
    const body = verifyReceipt(this.#verifier, network, receipt, { strict: true });
    const reading = isReading ? verifyReading(this.#verifier, network, parsed.reading) : undefined;
    if (ledger) await confirmPlace(ledger, network, receipt.checkpoint, receipt.ledger);
    this.#receipts.push(receipt);
    return { kind: 'receipt', receipt, body, ...(reading && { reading }) };
  }

  async #addErasure(certificate: ErasureCertificate): Promise<VerifiedEvidence> {
    const { network } = this.#verifier;
    const proven = verifyErasure(this.#verifier, network, certificate, { strict: true });
    const { receipt } = certificate;
    const { ledger } = this.#sources;
    if (ledger) await confirmPlace(ledger, network, receipt.checkpoint, receipt.ledger);
    this.#receipts.push(receipt);
    return { kind: 'erasure', certificate, proven };
  }

  /** The view's promise counts as well: a release for a view that the log does not have breaks it. */
  async #addRelease(name: string, release: ReleaseProof): Promise<VerifiedEvidence> {
    const { network } = this.#verifier;
    const proven = verifyReleaseProof(this.#verifier, network, release, { strict: true });
    const { ledger } = this.#sources;
    const releases = ledger ? await heldAgainst(ledger, network, proven) : proven.releases;
    this.#promises.push({ name, evidence: release.view });
    return { kind: 'release', release, body: proven.body, releases };
  }

  /**
   * Examines each promise: from the histories, else from the nodes. A node that does not answer, or with anything but
   * what it must, keeps nothing else from being found.
   *
   * @throws MedsealError of the ledger.
   */
  async promises(): Promise<readonly PromiseOutcome[]> {
    const outcomes: PromiseOutcome[] = [];
    for (const { name, evidence: acknowledgement } of this.#promises) {
      try {
        const settled = await this.#settle(acknowledgement);
        outcomes.push({ name, acknowledgement, ...(settled && { settled }) });
      } catch (error) {
        if (error instanceof NodeSilent) {
          outcomes.push({ name, acknowledgement, unchecked: error.message });
          continue;
        }
        if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
        outcomes.push({ name, acknowledgement, fault: error.values.reason });
      }
    }
    return outcomes;
  }

  /** Finds evidence of one log that contradicts itself, with the signers that it convicts. */
  forks(): readonly FoundFork[] {
    const histories = this.#histories.map(({ evidence }) => evidence);
    const evidence = { receipts: this.#receipts, histories };
    return findForks(this.#verifier, this.#verifier.network, evidence);
  }

  async #settle(acknowledgement: Acknowledgement): Promise<SettledPromise | undefined> {
    const { network } = this.#verifier;
    const later = [
      ...this.#receipts.map((each) => each.acknowledgement),
      ...this.#promises.map(({ evidence }) => evidence),
    ];
    let best: SettledPromise | undefined;
    for (const { name, evidence } of this.#historiesOf(acknowledgement.log)) {
      const { checkpoint } = evidence;
      const finding = await examinePromise(this.#verifier, network, {
        acknowledgement,
        checkpoint,
        madeAfter: 0,
        later,
        entries: entriesOf(evidence),
      });
      best = moreSaid(best, { finding, size: checkpoint.size, history: name });
    }
    const { ledger, agentOf } = this.#sources;
    if (best?.finding.promise === 'kept' || best?.finding.promise === 'broken') return best;
    if (ledger === undefined || agentOf === undefined) return best;
    const { organisation } = logOf(network, acknowledgement.log).log;
    const agent = accused(organisation, agentOf(organisation));
    const asker = { ...this.#verifier, agent };
    const found = await followPromise(asker, acknowledgement, { ledger, later });
    const { checkpoint, history: proof, ...finding } = found;
    return { finding, size: checkpoint.size, node: organisation, ...(proof && { proof }) };
  }

  #historiesOf(log: LogName): readonly Named<History>[] {
    return this.#histories.filter(({ evidence }) => evidence.checkpoint.log === log);
  }
}

/** A node that is asked about a promise did not answer, which proves nothing. */
class NodeSilent extends Error {
  constructor(reason: string, cause: Error) {
    super(reason, { cause });
  }
}

/** Answers by which a node denies that it has the log that promised, or any checkpoint of it. */
const DENIALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['NOT_FOUND', 'NOT_YET']);

/** The node of an organisation whose promise is examined: whatever it fails with says nothing about other evidence. */
function accused(organisation: Organisation, agent: PromiseAsker['agent']): PromiseAsker['agent'] {
  const told = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      if (!isMedsealError(error)) throw error;
      const reason = `the node of ${organisation} does not answer as it must: ${error.message}`;
      if (!provesFault(error) && !DENIALS.has(error.code)) throw new NodeSilent(reason, error);
      throw new MedsealError('EVIDENCE_INVALID', { reason }, { cause: error });
    }
  };
  return {
    checkpoint: async (log) => await told(agent.checkpoint(log)),
    tile: async (query) => await told(agent.tile(query)),
  };
}

/** Kept says more than broken where two histories differ, and either more than open. */
function moreSaid(one: SettledPromise | undefined, other: SettledPromise): SettledPromise {
  const order = ['open', 'broken', 'kept'];
  if (one === undefined) return other;
  return order.indexOf(one.finding.promise) >= order.indexOf(other.finding.promise) ? one : other;
}

function* entriesOf({ entries }: History): Generator<Uint8Array> {
  const bytes = hexToBytes(entries);
  for (let at = 0; at < bytes.length; at += 32) yield bytes.subarray(at, at + 32);
}
