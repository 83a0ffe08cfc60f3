import { startUntilReady, type Ending, type RunningCommand } from './runMedseal.ts';

/** A node that `medseal up` runs. */
export type RunningUp = RunningCommand<{
  readonly urls: {
    readonly agents: string;
    readonly peers?: string;
    readonly ledger?: string;
    readonly operate: string;
  };
  readonly organisations: readonly string[];
  readonly networkId: string;
  readonly fingerprint: string;
  readonly pid: number;
}>;

/** Runs `medseal up` on free ports, unless others are set, until the test ends; resolves when it is ready. */
export async function startNode(
  t: Ending,
  data: string,
  ...args: readonly string[]
): Promise<RunningUp> {
  // A setting that is given twice is refused.
  const free = ['listen', 'peers', 'ledger', 'operate'].filter(
    (name) => !args.some((arg) => arg.startsWith(`${name}.port=`)),
  );
  const ports = free.flatMap((name) => ['--set', `${name}.port=0`]);
  return await startUntilReady(t, ['up', '--data', data, '--json', ...ports, ...args]);
}
