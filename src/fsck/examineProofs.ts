import { forkFileName, type ForkProof } from '../consortium/forkOf.ts';
import { parseForkProof } from '../consortium/parseForkProof.ts';
import { parseLightBlock } from '../consortium/parseLightBlock.ts';
import { parseTrustedBlock } from '../consortium/parseTrustedBlock.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import type { KeptFork } from '../folder/parseKeptFork.ts';
import { parseSignedSuccessor, SIGNED } from '../folder/SignedSuccessor.ts';
import { TRUSTED } from '../node/keptTrust.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import { presentNodes } from '../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { CONFLICT_FILES, requireBlockConflict } from '../protocol/evidence/blockConflict.ts';
import { predecessorIn } from '../protocol/network/predecessorIn.ts';
import { signerOf, type SigningContext } from '../protocol/struct/signing.ts';
import { successorOf } from '../protocol/network/successorOf.ts';
import type { FolderFaultKind } from '../services/examination/FolderFault.ts';

/** Names of files with proofs of a ledger's fork. */
const PROOF = /^fork-.*\.json$/;

/** Options of `examineProofs`. */
export interface ProofsExamination extends Pick<SigningContext, 'primitives'> {
  /** The folder. */
  readonly files: Pick<Files, 'list' | 'path'>;
  /** Its network file and the successors, verified, oldest first; empty if they cannot be read. */
  readonly followed: readonly NetworkFile[];
  /** The fork of the succession that it keeps, verified. */
  readonly kept: KeptFork | undefined;
  /** The organisations whose folder it is. */
  readonly hosts: readonly Organisation[];
  /** Addresses of all keys of seats that the folder has: with one that no file names yet it says that it holds a share. */
  readonly own: readonly Address[];
  /** Reads a file of the folder, and reports a fault if the file is not as it was written, or `parse` throws. */
  readonly read: <Value>(
    kind: FolderFaultKind,
    path: string,
    parse: (value: unknown) => Value,
  ) => Promise<Value | undefined>;
}

/**
 * Examines what a folder keeps of signatures of its own and of others: proofs that the ledger forked, or that coordinators
 * signed two blocks of one height, the newest block that was verified, and the successor that its seats signed last.
 *
 * @param examination - The folder, and the receiver of faults.
 */
export async function examineProofs(examination: ProofsExamination): Promise<void> {
  const { files, followed, kept, hosts, own, primitives, read } = examination;
  const [first] = followed;
  const chain = first?.ledger.chain;
  const others = [...(kept?.successors ?? []), ...(kept?.dropped ?? [])];
  const names = await files.list('');
  for (const name of names.filter((each) => PROOF.test(each)).toSorted()) {
    await read('ledger-proof', name, (value) => requireLedgers(name, value));
  }
  for (const name of names.filter((each) => each.startsWith(CONFLICT_FILES)).toSorted()) {
    await read('ledger-proof', name, (value) => requireConflict(name, value));
  }
  if (names.includes(TRUSTED)) {
    await read('ledger-proof', TRUSTED, (value) =>
      requireChain(parseTrustedBlock(value, foreign).chain),
    );
  }
  if (names.includes(SIGNED)) await read('network-file', SIGNED, requireOwn);

  /** The proof must be of this network's ledger, and of validators that the network has or had. */
  function requireLedgers(name: string, value: unknown): void {
    const proof = parseForkProof(primitives, value, foreign);
    if (forkFileName(proof) !== name) throw foreign('it is the proof of another height or chain');
    requireChain(proof.chain);
    // A channel's file names those validators alone that founded the ledger.
    if (first === undefined || first.ledger.of !== undefined) return;
    if (!isOfValidators(proof)) throw foreign('the validators of its blocks are not the ledger’s');
  }

  /** The proof must be of coordinators that the network has or had. */
  function requireConflict(name: string, value: unknown): void {
    if (first === undefined) return;
    const { height } = requireBlockConflict({ primitives }, followed, value, foreign);
    if (name !== `${CONFLICT_FILES}${height}.json`)
      throw foreign('it is the proof of another height');
  }

  function requireChain(found: string): void {
    if (first !== undefined && found !== chain) throw foreign('it is of another ledger');
  }

  /** Tells whether validators that a network file names have over a third of the power of the first block. */
  function isOfValidators({ blocks: [{ commit, validators }] }: ForkProof): boolean {
    const named = new Set(
      followed
        .flatMap((file) => [...(file.founders ?? []), ...presentNodes(file)])
        .flatMap(({ validator }) => validator?.key ?? []),
    );
    const all = parseLightBlock(commit, validators).validators;
    const powerOf = (some: typeof all): number => some.reduce((sum, { power }) => sum + power, 0);
    return 3 * powerOf(all.filter(({ key }) => named.has(key))) > powerOf(all);
  }

  /** The successor that the folder signed must follow one of its files, and have signatures of its own seats. */
  function requireOwn(value: unknown): void {
    const { message, signatures } = parseSignedSuccessor(value, files.path);
    if (first === undefined) return;
    const before = predecessorIn(primitives, knownFiles(), message);
    // It can follow a file after one that the operator dropped, of which nothing is left.
    const isLost = others.some(({ number }) => number < message.number - 1);
    if (before === undefined && !isLost) {
      throw foreign('it follows a network file that this folder does not have');
    }
    const named = (before ? [before] : knownFiles()).flatMap(ownSeats);
    const seats = new Set([...named, ...own]);
    const context = { domain: domainOf(first), primitives };
    for (const signature of signatures) {
      if (seats.has(signer(context, message, signature))) continue;
      throw foreign('a signature in it is not of the seats of this folder');
    }
  }

  /** The folder's files, and those that follow one of them and were dropped, or stand against another. */
  function knownFiles(): readonly NetworkFile[] {
    return [
      ...followed,
      ...others.flatMap((each) => {
        const before = predecessorIn(primitives, followed, each);
        return before === undefined ? [] : [successorOf(primitives, before, each)];
      }),
    ];
  }

  function ownSeats({ authority, channels }: NetworkFile): readonly (Address | undefined)[] {
    return [authority.members, ...channels.map(({ coordinators }) => coordinators)]
      .flat()
      .filter(({ organisation }) => hosts.includes(organisation))
      .map(({ address }) => address);
  }

  function foreign(what: string): MedsealError {
    return new MedsealError('FOLDER_FOREIGN', { path: files.path, what });
  }
}

/** Undefined if no key can have made the signature. */
function signer(
  context: SigningContext,
  message: ReturnType<typeof parseSignedSuccessor>['message'],
  signature: Parameters<typeof signerOf>[3],
): Address | undefined {
  try {
    return signerOf(context, 'NetworkChange', message, signature);
  } catch (error) {
    if (!isMedsealError(error, 'SIGNATURE_INVALID')) throw error;
    return undefined;
  }
}
