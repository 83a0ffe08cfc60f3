import type { AgentPort, Submission } from '../../src/protocol/AgentPort.ts';

/** Options of `submitArrays`. */
export interface SubmitOptions {
  /** Number of arrays at once. */
  readonly lanes: number;
  /** After how long no more are sent. */
  readonly seconds: number;
}

/** Result of the submissions. */
export interface Submitted {
  readonly acknowledged: number;
  /** From the first array until the last was answered. */
  readonly seconds: number;
  /** Number of refusals, by code. */
  readonly refused: Readonly<Record<string, number>>;
}

/**
 * Submits arrays until the time is over or none is left.
 *
 * @param agent - To whom.
 * @param arrays - Each as JSON: what waits to be sent is the sender's, and as text costs this process's collector nothing.
 */
export async function submitArrays(
  agent: Pick<AgentPort, 'submit'>,
  arrays: readonly string[],
  { lanes, seconds }: SubmitOptions,
): Promise<Submitted> {
  const refused: Record<string, number> = {};
  let acknowledged = 0;
  const start = performance.now();
  let last = start;
  const rest = arrays.values();
  const lane = async (): Promise<void> => {
    for (const some of rest) {
      if (performance.now() - start > seconds * 1000) return;
      for (const outcome of await agent.submit(JSON.parse(some) as Submission[])) {
        if (outcome.outcome === 'acknowledged') acknowledged += 1;
        if (outcome.outcome !== 'refused') continue;
        const { code } = outcome.problem;
        refused[code] = (refused[code] ?? 0) + 1;
      }
      last = performance.now();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { acknowledged, seconds: (last - start) / 1000, refused };
}
