import type { TestNetwork } from '../../node/test/testNetwork.ts';

/**
 * Runs something, and lets the time of a network pass until it has ended.
 *
 * @param network - The network, whose clock stands still otherwise.
 * @param run - That what runs.
 */
export async function inTime<Result>(
  { clock }: Pick<TestNetwork, 'clock'>,
  run: Promise<Result>,
): Promise<Result> {
  const ended = { is: false };
  const done = run.finally(() => {
    ended.is = true;
  });
  done.catch(() => undefined);
  while (!ended.is) {
    clock.advance(10);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  return await done;
}
