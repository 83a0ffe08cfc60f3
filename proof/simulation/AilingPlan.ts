import type { Organisation } from '../../src/protocol/ids.ts';
import { FaultPlan } from './FaultPlan.ts';
import type { Setting } from './settingOf.ts';

/** Ailment of one organisation: it stands still, takes five seconds for each answer, or answers rubbish. */
export const AILMENTS = ['frozen', 'slow', 'rubbish'] as const;
export type Ailment = (typeof AILMENTS)[number];

/** Milliseconds that an answer of a slow organisation takes. */
const SLOW = 5000;

/** Plan by which one organisation ails all the time until it is cured, and all else is well. */
export class AilingPlan extends FaultPlan {
  /** Its ailment; the organisation is well if undefined. */
  ailment: Ailment | undefined;
  readonly #organisation: Organisation;
  #given = 0;

  /**
   * @param setting - The consortium.
   * @param organisation - The one.
   */
  constructor(setting: Setting, organisation: Organisation) {
    super('ailing', setting);
    this.#organisation = organisation;
  }

  override arrivals(from: string, to: string, now: number): readonly number[] {
    const [asks, answers] = [to === this.#organisation, from === this.#organisation];
    if (from !== to && this.ailment === 'frozen' && (asks || answers)) return [];
    if (from !== to && this.ailment === 'slow' && answers) return [SLOW];
    return super.arrivals(from, to, now);
  }

  override answerOf(organisation: string, answer: unknown): unknown {
    if (organisation !== this.#organisation || this.ailment !== 'rubbish') return answer;
    this.#given += 1;
    return [garbled(answer), null, 'rubbish', {}][this.#given % 4];
  }
}

/** An answer of the same form in which no word, signature or number is what it was. */
function garbled(value: unknown): unknown {
  if (typeof value === 'string') {
    if (!/^0x[0-9a-f]{8,}$/.test(value)) return `${value}?`;
    return value.replaceAll(/[0-9a-f](?=[0-9a-f]{8})/g, (digit) =>
      ((Number.parseInt(digit, 16) + 1) % 16).toString(16),
    );
  }
  if (typeof value === 'number') return value + 1;
  if (value instanceof Uint8Array) return value.map((byte) => byte ^ 0xff);
  if (Array.isArray(value)) return value.map(garbled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, garbled(each)]));
}
