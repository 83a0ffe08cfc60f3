import type { AgentPort, Submission } from '../../src/protocol/AgentPort.ts';

/** How submissions are sent. */
export interface SubmitOptions {
  /** How many to an array. */
  readonly array: number;
  /** How many arrays at a time. */
  readonly lanes: number;
  /** After how long no more are sent. */
  readonly seconds: number;
}

/** What came of them. */
export interface Submitted {
  readonly acknowledged: number;
  /** From the first array until the last was answered. */
  readonly seconds: number;
  /** How many were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Submits arrays until the time is over or none is left. */
export async function submitArrays(
  agent: Pick<AgentPort, 'submit'>,
  submissions: readonly Submission[],
  { array, lanes, seconds }: SubmitOptions,
): Promise<Submitted> {
  const arrays: (readonly Submission[])[] = [];
  for (let from = 0; from < submissions.length; from += array) {
    arrays.push(submissions.slice(from, from + array));
  }
  const refused: Record<string, number> = {};
  let acknowledged = 0;
  const start = performance.now();
  let last = start;
  const rest = arrays.values();
  const lane = async (): Promise<void> => {
    for (const some of rest) {
      if (performance.now() - start > seconds * 1000) return;
      for (const outcome of await agent.submit(some)) {
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
