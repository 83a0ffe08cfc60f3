import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TrialOrganisation } from './foundConsortium.ts';
import {
  startOrganisation,
  type OrganisationReady,
  type RunningOrganisation,
} from './startOrganisation.ts';
import { membersAfter, readChanges } from './trialChanges.ts';

/** Options of `superviseConsortium`. */
export interface SupervisionOptions {
  /** Folder of the network. */
  readonly folder: string;
  readonly founders: readonly TrialOrganisation[];
  /** The engine's program. */
  readonly engine: string;
  readonly say: (text: string) => void;
}

/** The organisations of a trial network, running. */
export interface RunningConsortium {
  /** Resolves when all that are in the network now are ready, or were given a minute for it. */
  readonly ready: Promise<readonly OrganisationReady[]>;
  /** Resolves when all nodes have ended. */
  readonly ended: Promise<unknown>;
  /** Ends all in order; the nodes' exit codes. Safe to repeat. */
  stop(): Promise<readonly (number | null)[]>;
}

/** Milliseconds between two looks whether an organisation joins or leaves. */
const LOOK_EVERY = 500;
/** Milliseconds between two looks whether a node is ready, and those that it is given: its validator may lack blocks. */
const [ASK_EVERY, PATIENCE] = [200, 60_000];

/**
 * Runs the organisations that are in a trial network, and starts those that join. Nodes take another network file by
 * themselves, and that of an organisation that left ends.
 *
 * @param options - The network.
 */
export async function superviseConsortium(options: SupervisionOptions): Promise<RunningConsortium> {
  const { folder, founders, engine, say } = options;
  const names = founders.map(({ organisation }) => organisation);
  const running = new Map<string, RunningOrganisation>();
  const started = new Set<string>();
  let stopping = false;
  let looking: Promise<void> = Promise.resolve();

  const changes = await readChanges(folder);
  const present = membersAfter(names, changes, now());
  const ready = Promise.all(
    present.map(async (name) => {
      const own = await start(name).ready;
      await untilReady(own);
      return own;
    }),
  );
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => say(String(error)));
  }, LOOK_EVERY);
  const allEnded = Promise.withResolvers<undefined>();
  void watchEnd();
  return {
    ready,
    ended: allEnded.promise,
    async stop() {
      stopping = true;
      clearInterval(timer);
      await looking;
      return await Promise.all([...running.values()].map(async (each) => await each.stop()));
    },
  };

  function start(organisation: string): RunningOrganisation {
    const data = join(folder, organisation);
    const own = startOrganisation({ organisation, data, engine, say, isStopping: () => stopping });
    running.set(organisation, own);
    started.add(organisation);
    void own.ended.then(async () => {
      if (stopping) return;
      running.delete(organisation);
      const members = membersAfter(names, await readChanges(folder), now());
      if (!members.includes(organisation)) say(`${organisation} has left the network.`);
    });
    return own;
  }

  async function look(): Promise<void> {
    if (stopping) return;
    const all = await readChanges(folder);
    for (const { organisation, kind, joined } of all.slice(-1)) {
      const isNew = kind === 'join' && joined === true && !started.has(organisation);
      if (!isNew || !existsSync(join(folder, organisation, 'network.json'))) continue;
      say(`${organisation} joins: starting its node, and its validator.`);
      start(organisation).ready.catch(() => undefined);
    }
  }

  /** Waits until a node says that it is ready, and says so if it does not. */
  async function untilReady({ organisation, urls }: OrganisationReady): Promise<void> {
    const late = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const answer = await fetch(`${urls.operate}/readyz`).catch(() => undefined);
      if (answer?.status === 200 || stopping) return;
      if (late.aborted) {
        const why = (await answer?.text()) ?? 'it does not answer';
        say(`${organisation} is not ready: ${why}`);
        return;
      }
      await answer?.body?.cancel();
      await new Promise((wake) => setTimeout(wake, ASK_EVERY));
    }
  }

  async function watchEnd(): Promise<void> {
    for (;;) {
      await Promise.all([...running.values()].map(async (each) => await each.ended));
      await looking;
      if (running.size === 0) break;
      await new Promise((wake) => setTimeout(wake, LOOK_EVERY));
    }
    allEnded.resolve(undefined);
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
