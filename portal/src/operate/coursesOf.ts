import type { OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';

/** The state of a node at one moment. */
export interface StateSample {
  /** Unix milliseconds. */
  readonly at: number;
  readonly state: Pick<
    OperatorState,
    'since' | 'answered' | 'refused' | 'failed' | 'logs' | 'disk'
  >;
}

/** A value over time. */
export interface Course {
  readonly what: 'answered' | 'refused' | 'failed' | 'lag' | 'free';
  /** In the order of time. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/**
 * Returns how the node did while its page was open: answers, refusals and background failures in a minute, entries behind,
 * and gigabytes free. A rate over a restart of the node, whose counts begin again, is left out.
 *
 * @param samples - In the order of time.
 */
export function coursesOf(samples: readonly StateSample[]): readonly Course[] {
  const rate = (what: 'answered' | 'refused' | 'failed'): Course => ({
    what,
    points: samples.slice(1).flatMap(({ at, state }, place) => {
      const before = samples[place];
      if (before === undefined || before.state.since !== state.since || at <= before.at) return [];
      const more = sumOf(state[what]) - sumOf(before.state[what]);
      return [{ at, value: (more * 60_000) / (at - before.at) }];
    }),
  });
  return [
    rate('answered'),
    rate('refused'),
    rate('failed'),
    {
      what: 'lag',
      points: samples.map(({ at, state }) => ({
        at,
        value: state.logs.reduce((sum, { lag }) => sum + lag, 0),
      })),
    },
    {
      what: 'free',
      points: samples.flatMap(({ at, state: { disk } }) =>
        disk.free === undefined ? [] : [{ at, value: disk.free / 1e9 }],
      ),
    },
  ];
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
