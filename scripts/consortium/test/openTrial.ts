import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FurtherContract } from '../../../src/protocol/network/furtherContracts.ts';
import { parseNetworkFile } from '../../../src/protocol/network/parseNetworkFile.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { findEngine } from '../../findEngine.ts';
import { foundConsortium, MEDSEAL, type TrialOrganisation } from '../foundConsortium.ts';
import {
  startOrganisation,
  type OrganisationReady,
  type RunningOrganisation,
  type StartOptions,
} from '../startOrganisation.ts';

/** Programs and surroundings that an organisation is started with. */
export type Start = Partial<Pick<StartOptions, 'engine' | 'env' | 'medseal' | 'within'>>;

/** Options of `openTrial`. */
export interface TrialOptions {
  readonly folder: string;
  /** Address of an organisation's machine; loopback if absent. */
  readonly hostOf?: (place: number) => string;
  /** Seconds after which nobody reads by a right if the ledger makes no block; three minutes if absent. */
  readonly maxLedgerAge?: number;
  /** Care contracts that it is founded with, and whether it is guarded, as `foundConsortium` has them. */
  readonly further?: readonly FurtherContract[];
  /** Tells how each organisation is started unless a start says otherwise. */
  readonly how?: (place: number) => Start;
}

/** Four organisations with a node and a validator each, to which a test does harm. */
export interface Trial {
  readonly network: NetworkFile;
  readonly founded: readonly TrialOrganisation[];
  /** An organisation that was started. */
  at(place: number): OrganisationReady;
  /** Starts one that ended, as it was started before unless said otherwise. */
  start(place: number, how?: Start): Promise<void>;
  /** Ends one in order. */
  stop(place: number): Promise<void>;
  /** Resolves once the process of its node is gone. */
  ended(place: number): Promise<void>;
  /** Number of characters said so far, for `hear`. */
  said(): number;
  /** Resolves once a process has said it, from a place in what was said on. */
  hear(what: RegExp, from: number): Promise<void>;
  /** Text of an organisation's log. */
  log(place: number): Promise<string>;
  /** Runs a `medseal` command on the machine of the first organisation, which has to succeed. */
  medseal(...args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The organisations of a trial. */
export const ALL = [0, 1, 2, 3] as const;
const run = promisify(execFile);

/**
 * Founds four organisations and starts them.
 *
 * @param options - The folder, and where and how they run.
 */
export async function openTrial({
  folder,
  hostOf,
  maxLedgerAge,
  further,
  how,
}: TrialOptions): Promise<Trial> {
  const { path: engine } = findEngine();
  const running = new Map<number, RunningOrganisation>();
  const places = new Map<number, OrganisationReady>();
  let text = '';
  const heard: (() => void)[] = [];
  const say = (line: string): void => {
    text += `${line}\n`;
    for (const wake of heard.splice(0)) wake();
  };
  const founded = await foundConsortium({
    folder,
    count: ALL.length,
    engine,
    say,
    hostOf,
    maxLedgerAge,
    further,
  });
  const file = join(founded[0]?.data ?? '', 'network.json');
  const network = parseNetworkFile(JSON.parse(await readFile(file, 'utf8')));
  const trial: Trial = {
    network,
    founded,
    at: (place) => places.get(place) ?? assert.fail('it does not run'),
    async start(place, otherwise) {
      const options = founded[place];
      assert.ok(options !== undefined);
      const organisation = startOrganisation({
        ...options,
        engine,
        say,
        isStopping: () => false,
        ...how?.(place),
        ...otherwise,
      });
      running.set(place, organisation);
      places.set(place, await organisation.ready);
    },
    async stop(place) {
      assert.equal(await running.get(place)?.stop(), 0);
    },
    async ended(place) {
      await running.get(place)?.ended;
    },
    said: () => text.length,
    async hear(what, from) {
      while (!what.test(text.slice(from))) {
        await new Promise<void>((resolve) => heard.push(resolve));
      }
    },
    async log(place) {
      return await readFile(join(folder, `${founded[place]?.organisation}.log`), 'utf8');
    },
    async medseal(...args) {
      const [program, ...rest] = [...(how?.(0).within ?? []), process.execPath, MEDSEAL];
      await run(program, [...rest, ...args]).catch((error: unknown) => {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        assert.fail(`medseal ${args.join(' ')}\n${stdout}${stderr}`);
      });
    },
    async close() {
      await Promise.all([...running.values()].map(async (each) => await each.stop()));
    },
  };
  try {
    await Promise.all(ALL.map(async (place) => await trial.start(place)));
  } catch (error) {
    await trial.close();
    throw error;
  }
  return trial;
}
