import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { Logger } from '../operate/Logger.ts';
import { failureFields } from '../operate/failureFields.ts';
import { repeatedly } from '../repeatedly.ts';
import { hearSuccessors, type SuccessorSource } from './hearSuccessors.ts';

/** Milliseconds between two questions to every other node. */
const HEAR_EVERY = 60_000;
/** Milliseconds between two questions to a node whose answers name a file that is unknown here; it may lie. */
const HINT_EVERY = 5000;

/** Options of `keepHearing`. */
export interface KeepHearingOptions extends Pick<SigningContext, 'primitives'> {
  readonly succession: Succession;
  readonly clock: Clock;
  readonly log: Logger;
  /** Returns the other nodes, as they are reached now. */
  readonly sources: () => readonly SuccessorSource[];
  /** Compares a successor with the ledger; does nothing if the ledger cannot be asked. */
  readonly confirm: (successor: Successor) => Promise<void>;
}

/** A node that asks the others for successors, from its start to its end. */
export interface Hearing {
  /** Codes of what was refused when each node was last asked. */
  readonly refused: Readonly<Record<Organisation, ErrorCode>>;
  /** Asks a node soon, if it names a network file that is unknown here. */
  hint(organisation: Organisation, fingerprint: Bytes32): void;
  /** Asks no more, and resolves once nothing is under way. */
  close(): Promise<void>;
}

/**
 * Begins to ask other nodes for successors of the network file: at once, every minute, and when an answer names a file
 * that is unknown here.
 *
 * @param options - The succession here, and the other nodes.
 */
export function keepHearing(options: KeepHearingOptions): Hearing {
  const { succession, clock, log, primitives, sources, confirm } = options;
  const refused: Record<Organisation, ErrorCode> = {};
  const lastAsked = new Map<Organisation, number>();
  const underWay = new Map<Organisation, Promise<void>>();
  let isClosed = false;
  const hearAll = async (): Promise<void> => {
    await Promise.all(sources().map(async (source) => await hear(source)));
  };
  const beginning = hearAll();
  const end = repeatedly(clock, HEAR_EVERY, hearAll, () => undefined);
  return {
    refused,
    hint(organisation, fingerprint) {
      if (isClosed || clock.now() - (lastAsked.get(organisation) ?? -Infinity) < HINT_EVERY) return;
      const isKnown = succession.files.some((file) => printOf(file) === fingerprint);
      if (isKnown) return;
      const source = sources().find((each) => each.organisation === organisation);
      if (source !== undefined) void hear(source);
    },
    async close() {
      isClosed = true;
      await end();
      await beginning;
      await Promise.all(underWay.values());
    },
  };

  /** Asks a node; it is asked once at a time. */
  async function hear(source: SuccessorSource): Promise<void> {
    const { organisation } = source;
    if (isClosed) return;
    const before = underWay.get(organisation);
    if (before !== undefined) return await before;
    lastAsked.set(organisation, clock.now());
    const hearing = ask(source).finally(() => underWay.delete(organisation));
    underWay.set(organisation, hearing);
    await hearing;
  }

  async function ask(source: SuccessorSource): Promise<void> {
    const { organisation: peer } = source;
    try {
      await hearSuccessors(source, {
        succession,
        clock,
        primitives,
        confirm,
        onKept: (kept, { number }) => {
          if (kept === 'fork') log.error('successor forked', { number, peer });
          else log.info('successor kept', { number, peer });
        },
      });
      delete refused[peer];
    } catch (error) {
      // Nothing is said of the successor: it is asked for again.
      if (isMedsealError(error, 'PEER_UNREACHABLE') || isMedsealError(error, 'CLOSED')) return;
      const { code } = toMedsealError(error);
      if (refused[peer] === code) return;
      refused[peer] = code;
      log.warn('successor refused', { peer, ...failureFields(error) });
    }
  }

  function printOf(file: Succession['files'][number]): Bytes32 {
    const known = prints.get(file) ?? fingerprintOf(primitives, file);
    prints.set(file, known);
    return known;
  }
}

const prints = new WeakMap<Succession['files'][number], Bytes32>();
