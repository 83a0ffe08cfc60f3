import type { OperatorPort, OperatorState } from '../../../src/protocol/operator/OperatorPort.ts';
import { Members } from '../../src/operate/Members.tsx';
import { StateSamples } from '../../src/operate/StateSamples.ts';
import { AT } from '../samples.ts';
import type { States } from '../States.ts';

const NAMES = ['hospital', 'insurer', 'laboratory'];
const DAY = 86_400;

/** Nodes of a founded network, as one of them sees the others. */
const FOUNDED: Partial<OperatorState> = {
  organisations: ['hospital'],
  authority: { members: NAMES, threshold: 2 },
  members: NAMES.map((organisation) => ({ organisation, since: AT })),
  changes: [],
  peers: { insurer: true, laboratory: true },
};

/** One organisation does not answer, one leaves and one is to come. */
const CHANGING: Partial<OperatorState> = {
  ...FOUNDED,
  members: [
    { organisation: 'hospital', since: AT },
    { organisation: 'insurer', until: AT + 30 * DAY },
    { organisation: 'laboratory', since: AT },
    { organisation: 'university-hospital-north', since: AT + 30 * DAY },
  ],
  changes: [
    { number: 2, from: AT + 30 * DAY, stands: 'comes' },
    { number: 3, from: AT + 60 * DAY, stands: 'signed' },
  ],
  peers: { insurer: true, laboratory: false },
};

/** Screens of a node's operator. */
export const OPERATE = {
  Members: { founded: members(FOUNDED), changing: members(CHANGING) },
} as const satisfies Readonly<Record<string, States>>;

/** The screen of a node that is in a state; nothing but that is asked of it. */
function members(known: Partial<OperatorState>): States[string] {
  const first = known as OperatorState;
  const operator = {
    state: async () => await Promise.resolve(first),
  } as unknown as OperatorPort;
  return <Members operator={operator} first={first} samples={new StateSamples()} />;
}
