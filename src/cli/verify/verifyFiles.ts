import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { confirmPlace } from '../../client/confirmPlace.ts';
import { followPromise } from '../../client/followPromise.ts';
import { httpAgent } from '../../client/httpAgent.ts';
import { bytesToHex, bytesToUtf8 } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { nativeSha256 } from '../../node/nativeSha256.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { domainOf } from '../../protocol/domainOf.ts';
import type { Acknowledgement, EntryBody, SignedCheckpoint } from '../../protocol/evidence.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { parseEvidenceFile } from '../../protocol/parseEvidenceFile.ts';
import { examineFork } from '../../protocol/examineFork.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import type { Write } from '../../protocol/requests.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import { verifyEntry } from '../../protocol/verifyAcknowledgement.ts';
import { verifyReceipt } from '../../protocol/verifyReceipt.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { describeEntry, describeMoment } from '../describeBody.ts';
import { readAnyNetwork } from '../readPinnedNetwork.ts';
import type { HomeOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify FILE…`. */
export interface VerifyFilesOptions extends HomeOptions {
  readonly record?: string;
  readonly rpc?: string;
  readonly url?: string;
  readonly offline?: boolean;
}

interface Verifier extends SigningContext {
  readonly network: NetworkFile;
  readonly ledger?: LedgerProvider;
  /** Where the nodes are, with the ledger: what was promised is looked up. */
  readonly url?: string;
}

/**
 * Verifies receipts and acknowledgements that were kept, each for itself, against the pinned network file alone; with
 * a ledger also that the checkpoint stands on it; with a sealed file also that it is the one that the entry names.
 *
 * @param files - Paths.
 * @param options - See `medseal verify --help`.
 */
export async function verifyFiles(
  _terminal: Terminal,

  files: readonly string[],
  options: VerifyFilesOptions,
): Promise<Answer> {
  checkArguments(files, options);
  const network = await readAnyNetwork(options);
  const primitives = await createNativePrimitives();
  const ledger = options.rpc && (await connectPinnedLedger(network, options.rpc));
  const verifier = {
    network,
    primitives,
    domain: domainOf(network),
    ...(ledger && { ledger }),
    ...(options.url && { url: options.url }),
  };
  const findings: Finding[] = [];
  const seen: SignedCheckpoint[] = [];
  for (const file of files) findings.push(await verifyFile(verifier, file, options.record, seen));
  findings.push(...forksIn(verifier, seen));
  const unchecked = ledger
    ? []
    : ['that the checkpoints stand on the ledger: --rpc <url> asks one that you trust'];
  const fingerprint = fingerprintOf(primitives, network);
  return answerFindings({ network: fingerprint, findings, unchecked });
}

function checkArguments(
  files: readonly string[],
  { record, rpc, url, offline = false }: VerifyFilesOptions,
): void {
  if (files.length === 0) {
    const reason = 'name at least one receipt or acknowledgement';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'FILE', reason });
  }
  if (offline && rpc !== undefined) {
    const reason = 'offline, no ledger is asked';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--rpc', reason });
  }
  if (url !== undefined && rpc === undefined) {
    const reason = 'name a ledger too, with --rpc: it tells when a promise was due';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--url', reason });
  }
  if (record !== undefined && files.length !== 1) {
    const reason = 'one sealed file goes with one receipt';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--record', reason });
  }
}

async function verifyFile(
  verifier: Verifier,
  file: string,
  record: string | undefined,
  seen: SignedCheckpoint[],
): Promise<Finding> {
  const bytes = await readNamed(file, 'FILE');
  const other = networkFileIn(bytes);
  if (other !== undefined) {
    const safe = canonicalJson(other) === canonicalJson(verifier.network);
    return { what: file, safe, detail: `${safe ? 'the' : 'not the'} pinned network file` };
  }
  try {
    const { body, place, checkpoint } = await verifyEvidence(verifier, bytes);
    if (checkpoint !== undefined) seen.push(checkpoint);
    const sealed = record === undefined ? '' : await verifyRecord(body, record);
    const detail = `${place}: ${describeEntry(body)}, at ${describeMoment(body.at)}`;
    return { what: file, safe: true, detail: detail + sealed };
  } catch (error) {
    if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
    return { what: file, safe: false, detail: error.values.reason };
  }
}

/** A network file that lies among the evidence. */
function networkFileIn(bytes: Uint8Array): unknown {
  try {
    const value = JSON.parse(bytesToUtf8(bytes)) as { readonly format?: unknown } | null;
    return value?.format === 'medseal-network/1' ? value : undefined;
  } catch {
    return undefined;
  }
}

async function verifyEvidence(
  { network, ledger, url, ...context }: Verifier,
  bytes: Uint8Array,
): Promise<{ body: EntryBody; place: string; checkpoint?: SignedCheckpoint }> {
  const parsed = parseEvidenceFile(bytes);
  if (parsed.kind === 'acknowledgement') {
    const { acknowledgement } = parsed;
    const body = verifyEntry(context, network, acknowledgement, { strict: true });
    const asked = { ...context, network };
    return { body, place: await placeOf(asked, acknowledgement, ledger, url) };
  }
  const { checkpoint, acknowledgement, ledger: place } = parsed.receipt;
  const body = verifyReceipt(context, network, parsed.receipt, { strict: true });
  if (ledger !== undefined) await confirmPlace(ledger, network, checkpoint, place);
  const { log, index } = acknowledgement;
  return { body, place: `${log} #${index} of ${checkpoint.size}`, checkpoint };
}

/** Receipts that hold one by one and can not all be true: a log that shows two histories. */
function forksIn(verifier: Verifier, seen: readonly SignedCheckpoint[]): readonly Finding[] {
  const first = new Map<string, SignedCheckpoint>();
  const findings: Finding[] = [];
  for (const checkpoint of seen) {
    const { log, size } = checkpoint;
    const what = `${log} of ${size} entries`;
    const known = first.get(what) ?? checkpoint;
    first.set(what, known);
    const fork = examineFork(verifier, verifier.network, known, checkpoint);
    if (fork === undefined) continue;
    const convicted = [`${fork.organisation}’s log`, ...fork.signers].join(', ');
    findings.push({
      what,
      safe: false,
      detail: `two histories are signed: that convicts ${convicted}`,
    });
  }
  return findings;
}

/** What became of a promise, as far as it can be asked. */
async function placeOf(
  context: SigningContext & { readonly network: NetworkFile },
  acknowledgement: Acknowledgement,
  ledger: LedgerProvider | undefined,
  url: string | undefined,
): Promise<string> {
  const { log } = acknowledgement;
  if (ledger === undefined || url === undefined) {
    return `promised for ${log}; its place there is what a receipt proves`;
  }
  const { organisation } = logOf(context.network, log).log;
  const agent = httpAgent(`${url.replace(/\/$/, '')}/${organisation}`);
  const found = await followPromise({ ...context, agent }, acknowledgement, ledger);
  const { size } = found.checkpoint;
  if (found.promise === 'kept') return `${log} #${found.index} of ${size}`;
  const due = describeMoment(found.includeBy);
  if (found.promise === 'open') return `promised for ${log} by ${due}, and not shown to be overdue`;
  const signers = found.signers.join(', ');
  throw invalid(
    `promised for ${log} by ${due}, and not among the ${size} entries that it had later: that convicts ${signers}`,
  );
}

/** Compares a sealed file with the entry that must name it. */
async function verifyRecord(body: EntryBody, path: string): Promise<string> {
  if (!('request' in body) || body.request.type !== 'Write' || body.flag !== 'A') {
    throw invalid('the entry is not of a record that was written');
  }
  const { file, size } = body.request.message as Write;
  const hash = nativeSha256();
  let length = 0;
  try {
    for await (const part of createReadStream(path)) {
      hash.update(part as Uint8Array);
      length += (part as Uint8Array).length;
    }
  } catch (cause) {
    throw unreadable('--record', cause);
  }
  if (length !== size) throw invalid(`the sealed file has ${length} bytes, the entry says ${size}`);
  if (bytesToHex(hash.digest()) !== file) throw invalid('the sealed file has another hash');
  return `; ${path} is the sealed file that it names`;
}

async function readNamed(path: string, argument: string): Promise<Uint8Array> {
  return await readFile(path).catch((cause: unknown) => {
    throw unreadable(argument, cause, path);
  });
}

function unreadable(argument: string, cause: unknown, path = 'it'): MedsealError {
  const reason = `${path} can not be read`;
  return new MedsealError('ARGUMENT_INVALID', { argument, reason }, { cause });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
