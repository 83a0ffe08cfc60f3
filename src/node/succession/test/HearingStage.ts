import { rm } from 'node:fs/promises';
import assert from 'node:assert/strict';
import { openFolder } from '../../../folder/openFolder.ts';
import { TestClock } from '../../../ledger/test/TestClock.ts';
import { successorsPage } from '../../../peers/askSuccessors.ts';
import type { NetworkFile } from '../../../protocol/network/NetworkFile.ts';
import { officeChangesOf } from '../../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../../protocol/network/Successor.ts';
import { successorOf, type SuccessorTerms } from '../../../protocol/network/successorOf.ts';
import { context, network, primitives, signatory } from '../../../protocol/test/sampleNetwork.ts';
import { seatsOf, termsOf, withCoordinator } from '../../../protocol/test/sampleSuccessors.ts';
import type { Succession } from '../../../services/succession/Succession.ts';
import { scratchFolder } from '../../test/scratchFolder.ts';
import { hearSuccessors, type HearingOptions } from '../hearSuccessors.ts';
import { openSuccession } from '../openSuccession.ts';

/** Time at which each stage begins, Unix seconds. */
export const NOW = 1_800_000_000;
/** Seconds of a day. */
export const DAY = 24 * 3600;
/** Organisations that can sign a successor together. */
export const QUORUM = ['hospital', 'laboratory'];
const [care = assert.fail()] = network.channels;

/** A successor with the changes at the ledger that belong to it, signed by some organisations. */
export function signed(
  predecessor: NetworkFile,
  terms: SuccessorTerms,
  organisations: readonly string[] = QUORUM,
  change = 1,
): Successor {
  const made = successorOf(primitives, predecessor, terms);
  const offices = officeChangesOf(predecessor, made).map((each) => {
    return { ...each, change, deadline: terms.from };
  });
  const draft = draftSuccessor(context, predecessor, terms, { offices });
  return signSuccessor(context, predecessor, draft, organisations.flatMap(seatsOf));
}

/** A new key of the insurer's coordinator. */
export function changing(name: string, before = network, from = NOW + DAY): SuccessorTerms {
  const [channel = care] = before.channels;
  const key = signatory(`${name} coordinator of insurer`);
  return { ...termsOf(before, from), channels: [withCoordinator(channel, 'insurer', key)] };
}

const one = signed(network, changing('new'));
const afterOne = successorOf(primitives, network, one);
const two = signed(afterOne, changing('newer', afterOne, NOW + 2 * DAY), QUORUM, 2);
const other = signed(network, changing('other'), ['laboratory', 'hospital']);
const afterOther = successorOf(primitives, network, other);
const afterThat = signed(afterOther, changing('another', afterOther, NOW + 2 * DAY), QUORUM, 2);

/** Successors of the sample network: two that follow each other, another first one, and one that follows that. */
export const branches = { one, two, other, afterThat };
/** The network files that the first ones give. */
export const filesAfter = { afterOne, afterOther };

/** A node in a folder of its own that hears of successors. */
export class HearingStage {
  readonly path: string;
  readonly clock = new TestClock(NOW * 1000);
  readonly ports = { clock: this.clock, primitives };
  /** Each thing that it kept, in words. */
  readonly kept: string[] = [];
  succession: Succession;

  private constructor(path: string, succession: Succession) {
    this.path = path;
    this.succession = succession;
  }

  /** Begins with nothing but the sample network. */
  static async open(): Promise<HearingStage> {
    const path = await scratchFolder();
    return new HearingStage(path, await successionIn(path));
  }

  /** Opens what the folder holds again, as after a restart. */
  async reopened(): Promise<Succession> {
    return await successionIn(this.path);
  }

  /** Hears a node that gives these; it is asked page by page. */
  async hear(successors: readonly unknown[], more: Partial<HearingOptions> = {}): Promise<void> {
    const ask = async (from: number): Promise<readonly Successor[]> => {
      const { successors: page } = successorsPage(successors as readonly Successor[], from);
      return await Promise.resolve(page);
    };
    await hearSuccessors(
      { organisation: 'laboratory', ask },
      {
        ...this.ports,
        succession: this.succession,
        onKept: (what, { number }, from) => void this.kept.push(`${what} ${number} of ${from}`),
        ...more,
      },
    );
  }

  async end(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

async function successionIn(path: string): Promise<Succession> {
  return await openSuccession(await openFolder(path), network, { primitives });
}
