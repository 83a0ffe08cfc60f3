import { createReadStream } from 'node:fs';
import { EvidenceSet, type Verifier } from '../../client/audit/EvidenceSet.ts';
import { isSealProven } from '../../client/audit/isSealProven.ts';
import { verifySealedFile } from '../../client/audit/verifySealedFile.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { GUARDED_HEADER_LENGTH } from '../../crypto/threshold/readGuardedHeader.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { nativeSha256 } from '../../folder/nativeSha256.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { seconds } from '../../protocol/Clock.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Body, EntryBody } from '../../protocol/evidence/evidence.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import type { ProvenReading } from '../../protocol/sensors/verifyReading.ts';
import type { Sha256 } from '../../crypto/merkle/Sha256.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import { namedLedger } from '../namedLedger.ts';
import { describeEntry, describeMoment } from '../describeBody.ts';
import { agentAt, nodesAt } from '../home/Nodes.ts';
import { readGiven } from '../program/readGiven.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { chainFindings } from './chainFindings.ts';
import { answerFindings, type Finding } from './Finding.ts';
import { erasureFinding } from './erasureFinding.ts';
import { evidenceFindings } from './evidenceFindings.ts';
import { describePair, describeReleases, releaseFinding } from './releaseFinding.ts';
import type { FINDINGS } from './verifyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VERIFY_FILES } from './verifyOptions.ts';

/** The most bytes of a file of evidence: a history holds 32 bytes for each entry, in hexadecimal. */
const MOST = 256 * 2 ** 20;

/** Last moment that a date can be, Unix milliseconds: whoever signs evidence may sign a later one. */
const LAST_DATE = 8_640_000_000_000_000;

type VerifyFilesOptions = HomeOptions & OptionsOf<typeof VERIFY_FILES>;

/**
 * Verifies evidence that was kept, against the pinned network file alone: each receipt, acknowledgement and history for
 * itself, then what they say together; with a ledger also that checkpoints stand on it; with a sealed file also that it
 * is the one that the entry names, and was sealed for its record version if it is guarded.
 */
export async function verifyFiles(
  _terminal: Terminal,
  files: readonly string[],
  options: VerifyFilesOptions,
): Promise<AnswerOf<typeof FINDINGS>> {
  checkArguments(files, options);
  const network = await readAnyNetwork(options);
  const primitives = await createNativePrimitives();
  const { ledger, unanswered: silent } = await namedLedger(network, options);
  const verifier: Verifier = { network, primitives, domain: domainOf(network) };
  const findings: Finding[] = [];
  /** Things in chains and histories that could not be checked. */
  const unexamined: string[] = [];
  /** Things that certificates of erasure should show, and do not. */
  const unstated: string[] = [];
  /** Text of the entry of each promise, by the name of its file. */
  const says = new Map<string, string>();
  const { url, keep } = options;
  const set = new EvidenceSet(verifier, {
    ...(ledger && { ledger }),
    ...(url && { agentOf: (organisation) => agentAt(nodesAt(url), organisation) }),
  });
  for (const file of files) findings.push(...(await verifyFile(file)));
  const compared = await evidenceFindings(verifier, set, says, keep);
  findings.push(...compared.findings);
  const unchecked = [...compared.unchecked, ...unexamined];
  if (options.rpc === undefined) {
    unchecked.push('that the ledger holds the checkpoints: --rpc <url> asks one that you trust');
  }
  const fingerprint = fingerprintOf(primitives, network);
  const unanswered = [...compared.unanswered, ...unstated, ...silent];
  return answerFindings({ network: fingerprint, findings, unchecked, unanswered });

  /** Findings of a file by itself; those of a promise come later, with all else. */
  async function verifyFile(file: string): Promise<readonly Finding[]> {
    const bytes = await readNamed(file, 'FILE');
    const other = networkFileIn(bytes);
    if (other !== undefined) {
      const safe = isSameNetworkFile(network, other);
      return [{ what: file, safe, detail: `${safe ? 'the' : 'not the'} pinned network file` }];
    }
    try {
      const verified = await set.add(file, bytes);
      if (verified.kind === 'history') {
        const { faults, unchecked: left } = verified;
        const { log, size, signatures } = verified.history.checkpoint;
        unexamined.push(...left.map((what) => `${file} ${log}: ${what}`));
        const signed = `${log} with ${size} entries, signed by ${signatures.length} coordinators`;
        return [{ what: file, safe: faults.length === 0, detail: [signed, ...faults].join('; ') }];
      }
      if (verified.kind === 'chain') {
        const { findings: found, unchecked: left } = chainFindings(verified.chain, `${file} `);
        unexamined.push(...left.map((what) => `${file} ${what}`));
        return found;
      }
      if (verified.kind === 'release') {
        const { releases, body, release } = verified;
        const view = described(body) + describePair(release.pair);
        const wrong = releaseFinding(file, releases, view);
        if (wrong !== undefined) return [wrong];
        says.set(file, `${view}; ${describeReleases(releases)}`);
        return [];
      }
      if (verified.kind === 'erasure') {
        const found = erasureFinding(file, verified.proven, seconds(systemClock));
        unexamined.push(...found.unchecked);
        unstated.push(...found.unanswered);
        return [found.finding];
      }
      const proved = verified.kind === 'receipt' ? verified.reading : undefined;
      const reading = proved === undefined ? '' : describeReading(primitives, proved);
      if (proved !== undefined) {
        unexamined.push(`${file}: that the device measured truly, and who wore it`);
      }
      const text = described(verified.body) + (await recordOf(verified.body)) + reading;
      if (verified.kind === 'acknowledgement') {
        says.set(file, text);
        return [];
      }
      const { checkpoint, acknowledgement } = verified.receipt;
      const { log, index } = acknowledgement;
      return [
        { what: file, safe: true, detail: `${log} #${index} of ${checkpoint.size}: ${text}` },
      ];
    } catch (error) {
      if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
      return [{ what: file, safe: false, detail: error.values.reason }];
    }
  }

  async function recordOf(body: EntryBody): Promise<string> {
    const { record } = options;
    if (record === undefined) return '';
    await verifySealedFile({ createSha256: nativeSha256 }, body, readSealed(record));
    const named = `; ${record} is the sealed file that it names`;
    const write = (body as Body).request.message as Write;
    const beginning = await collectBytes(readSealed(record, GUARDED_HEADER_LENGTH));
    const isProven = isSealProven(verifier, write, beginning);
    if (isProven === undefined) return named;
    if (isProven) return `${named}, and proves that it was sealed for this record version`;
    const reason = `the proof in ${record} is of another record version`;
    throw new MedsealError('EVIDENCE_INVALID', { reason });
  }
}

function described(body: EntryBody): string {
  return `${describeEntry(body)}, at ${describeMoment(body.at)}`;
}

/** One reading in words. */
function describeReading(
  primitives: Sha256,
  { device, number, header, reading, line }: ProvenReading,
): string {
  const { boot, clock, grant } = header;
  const time =
    clock === 'set'
      ? `, of ${describeMoment(Math.floor(Math.min(reading.at, LAST_DATE) / 1000))}`
      : '';
  const start = `start ${boot} of the device ${shortCodeOf(primitives, device)}${time}`;
  return `; it has reading ${number} since ${start}, under the right ${grant}, signed exactly as: ${visibleText(line)}`;
}

function checkArguments(
  files: readonly string[],
  { record, rpc, url, keep, offline = false }: VerifyFilesOptions,
): void {
  if (files.length === 0) {
    const reason = 'name at least one receipt or acknowledgement';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'FILE', reason });
  }
  if (offline && rpc !== undefined) {
    const reason = 'it cannot be combined with --offline';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--rpc', reason });
  }
  if (url !== undefined && rpc === undefined) {
    const reason = 'give --rpc too: the ledger tells when a promise was due';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--url', reason });
  }
  if (keep !== undefined && url === undefined) {
    const reason = 'give --url too: the proof is made from what the nodes serve';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--keep', reason });
  }
  if (record !== undefined && files.length !== 1) {
    const reason = 'give exactly one receipt with it';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--record', reason });
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

async function* readSealed(path: string, most = Infinity): AsyncGenerator<Uint8Array> {
  try {
    const read = createReadStream(path, { end: most - 1 });
    for await (const part of read) yield part as Uint8Array;
  } catch (cause) {
    const reason = 'it cannot be read';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--record', reason }, { cause });
  }
}

async function readNamed(path: string, argument: string): Promise<Uint8Array> {
  return await readGiven(path, { argument, most: MOST });
}
