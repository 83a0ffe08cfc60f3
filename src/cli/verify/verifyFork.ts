import { existsSync } from 'node:fs';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { verifySuccessorFork } from '../../protocol/network/verifySuccessorFork.ts';
import { findHome } from '../home/Home.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import { followedPath, readAnyPinned } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerConflict } from './answerConflict.ts';
import type { FORK_PROVEN } from './verifyAnswers.ts';

/**
 * Verifies offline that two successors of one network file are signed, and names those who signed both; or that coordinators
 * signed two different blocks of one height, and names them.
 *
 * @throws MedsealError `SUCCESSOR_INVALID` or, of two blocks, `EVIDENCE_INVALID` if it proves nothing; `ARGUMENT_INVALID` if
 * it is another file.
 */
export async function verifyFork(
  _terminal: Terminal,
  file: string,
  options: HomeOptions,
): Promise<AnswerOf<typeof FORK_PROVEN>> {
  const pinned = await readAnyPinned(options);
  const primitives = await createNativePrimitives();
  const given = await readObject(file, 'FILE');
  const fork = forkIn(given, file);
  const successors = {
    format: 'medseal-successors/1',
    successors: await leading(given, options),
  };
  const network = fingerprintOf(primitives, pinned);
  if (fork === undefined) {
    const files = followSuccessors({ primitives }, pinned, successors);
    return answerConflict({ primitives, network, files }, given);
  }
  const { number, fingerprints, signers } = verifySuccessorFork({ primitives }, pinned, {
    ...successors,
    fork,
  });
  const names = new Set(signers.map(({ organisation }) => organisation));
  return {
    value: { network, number, fingerprints, convicts: signers },
    lines: [
      `Proven: change ${number} of the network was signed twice.`,
      ...fingerprints.map((each) => `  fingerprint ${each}`),
      '',
      `Signed both: ${[...names].join(', ')}. Each signed twice, or others have its keys:`,
      ...signers.map(({ organisation, address }) => `  ${organisation} (${address})`),
      '',
      `Verified against the network file ${network}.`,
    ],
  };
}

/** The two successors in a file; undefined if it is about two blocks of the ledger. */
function forkIn(given: Readonly<Record<string, unknown>>, file: string): unknown {
  switch (given['format']) {
    case 'medseal-successors/1':
      if (given['fork'] !== undefined) return given['fork'];
      throw wrong('FILE', `${file} has no proof of a fork: the node that gave it knows of none`);
    case 'medseal-fork/1':
      return { successors: given['successors'] };
    case 'medseal-block-conflict/1':
      return undefined;
    case 'medseal-ledger-fork/1':
      throw wrong('FILE', `${file} is about votes of validators, not about signatures of seats`);
    default:
      throw wrong('FILE', `${file} is not proof of two signed changes, or of two signed blocks`);
  }
}

/** Successors that lead to the fork: the named ones, else those in the proof, else those that the device followed. */
async function leading(
  given: Readonly<Record<string, unknown>>,
  { successors: path, ...options }: HomeOptions,
): Promise<unknown> {
  if (path !== undefined) return (await readObject(path, '--successors'))['successors'];
  if (given['format'] === 'medseal-successors/1') return given['successors'];
  const known = followedPath(findHome(options));
  if (options.network !== undefined || !existsSync(known)) return [];
  return (await readObject(known, '--home'))['successors'];
}

async function readObject(
  path: string,
  argument: string,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readGivenText(path, { argument });
  try {
    // Of null and numbers this makes an object without fields.
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    throw wrong(argument, `${path} cannot be read as JSON`);
  }
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
