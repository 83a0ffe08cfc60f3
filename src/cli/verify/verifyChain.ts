import type { Verifier } from '../../client/audit/EvidenceSet.ts';
import { chainBlocks } from '../../client/witness/chainBlocks.ts';
import { examineChain, type ExaminedChain } from '../../client/witness/examineChain.ts';
import { keepChain } from '../../client/witness/keepChain.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import { examineVisitor } from '../evidence/examineVisitor.ts';
import { namedLedger } from '../namedLedger.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { readGiven } from '../program/readGiven.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { chainFindings } from './chainFindings.ts';
import { examineSeals, sealedFilesIn } from './chainSeals.ts';
import { answerFindings, type Findings } from './Finding.ts';
import type { FINDINGS } from './verifyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VERIFY_CHAIN } from './verifyOptions.ts';

/** The most bytes that a chain which was kept may have. */
const LARGEST = 2 ** 28;

type VerifyChainOptions = VisitorOptions & OptionsOf<typeof VERIFY_CHAIN>;

/**
 * Verifies a chain block by block (P3's verifier), a patient's or that of any other party: as the nodes give it now, or as it was kept
 * in a file, with the network file alone.
 */
export async function verifyChain(
  terminal: Terminal,
  file: string | undefined,
  options: VerifyChainOptions,
): Promise<AnswerOf<typeof FINDINGS>> {
  if (options.offline === true && options.rpc !== undefined) {
    throw wrong('--rpc', 'it cannot be combined with --offline');
  }
  if (file !== undefined) return await verifyKept(file, options);
  if (options.offline === true) {
    throw wrong('--offline', 'name a file with a chain that --keep saved');
  }
  const { network, party } = await openVisitor(terminal, options);
  const { ledger, unanswered } = await namedLedger(network, options);
  const audit = await examineVisitor(party, {
    ...(ledger && { ledger }),
    ...tellWaiting(terminal),
  });
  const blocks = await chainBlocks(party.primitives, audit);
  if (options.keep !== undefined) {
    await writeChain(options.keep, keepChain(party, audit, blocks));
  }
  const { primitives } = party;
  const verifier = { network, primitives, domain: domainOf(network) };
  const { logs } = audit;
  const { findings, unchecked } = await found(verifier, { logs, blocks, faults: [] }, options);
  return await answered(network, findings, [...unchecked, ...unasked(options)], unanswered);
}

/** The findings of a chain, with those of the sealed files at hand. */
async function found(
  verifier: Verifier,
  chain: ExaminedChain,
  { records }: VerifyChainOptions,
): Promise<Pick<Findings, 'findings' | 'unchecked'>> {
  const files = records === undefined ? new Map() : await sealedFilesIn(records);
  const { blocks, says, unchecked } = examineSeals(verifier, chain.blocks, files);
  const of = chainFindings({ ...chain, blocks }, '', says);
  return { findings: of.findings, unchecked: [...of.unchecked, ...unchecked] };
}

/**
 * Keeps a chain in a file that only its owner can read: it tells who did what to which chart.
 *
 * @param file - Path of the file.
 * @param chain - The chain.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be written.
 */
export async function writeChain(file: string, chain: SavedChain): Promise<void> {
  await writeFileWhole(file, formatEvidenceFile(chain), '--keep');
}

async function verifyKept(
  file: string,
  options: VerifyChainOptions,
): Promise<AnswerOf<typeof FINDINGS>> {
  const network = await readAnyNetwork(options);
  const primitives = await createNativePrimitives();
  const { ledger, unanswered } = await namedLedger(network, options);
  const bytes = await readGiven(file, { argument: 'FILE', most: LARGEST });
  try {
    const parsed = parseEvidenceFile(bytes);
    if (parsed.kind !== 'chain') {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the file is not a saved chain' });
    }
    const context = { network, primitives, domain: domainOf(network) };
    const examined = await examineChain(context, parsed.chain, ledger ? { ledger } : {});
    const { findings, unchecked } = await found(context, examined, options);
    return await answered(network, findings, [...unchecked, ...unasked(options)], unanswered);
  } catch (error) {
    if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
    return await answered(network, [{ what: file, safe: false, detail: error.values.reason }], []);
  }
}

function unasked({ rpc }: VerifyChainOptions): readonly string[] {
  return rpc !== undefined ? [] : ['that the ledger holds the checkpoints: --rpc <url> asks it'];
}

async function answered(
  network: NetworkFile,
  findings: Findings['findings'],
  unchecked: readonly string[],
  unanswered: readonly string[] = [],
): Promise<AnswerOf<typeof FINDINGS>> {
  const fingerprint = fingerprintOf(await createNativePrimitives(), network);
  return answerFindings({ network: fingerprint, findings, unchecked, unanswered });
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
