import { createInterface } from 'node:readline';
import { collectRun, startMedseal, type Ending, type Run } from './runMedseal.ts';

/** A node that `medseal up` runs. */
export interface RunningUp {
  /** The document that it printed when it was ready. */
  readonly ready: {
    readonly urls: {
      readonly agents: string;
      readonly peers?: string;
      readonly ledger?: string;
      readonly operate: string;
    };
    readonly organisations: readonly string[];
    readonly networkId: string;
    readonly pid: number;
  };
  /** What it leaves when it ends by itself. */
  readonly ended: Promise<Run>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Run>;
}

/** Runs `medseal up` on free ports, unless others are set, until the test ends; resolves when it is ready. */
export async function startNode(
  t: Ending,
  data: string,
  ...args: readonly string[]
): Promise<RunningUp> {
  const doors = ['listen', 'peers', 'ledger', 'operate'];
  const ports = doors.flatMap((name) => ['--set', `${name}.port=0`]);
  const child = startMedseal(['up', '--data', data, '--json', ...ports, ...args]);
  t.after(() => child.kill('SIGKILL'));
  const run = collectRun(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void run.then(({ stderr, stdout }) => reject(new Error(`it ended early: ${stderr}${stdout}`)));
  });
  return {
    ready: JSON.parse(line) as RunningUp['ready'],
    ended: run,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return await run;
    },
  };
}
