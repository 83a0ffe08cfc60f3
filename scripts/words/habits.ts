/** Habits of wording that the pages and the code avoid, each with what to write in its place. */

/** One habit. */
export interface Habit {
  /** Matches it within one sentence. */
  readonly pattern: RegExp;
  /** What to write in its place. */
  readonly instead: string;
}

const FINE_AFTER_NO =
  'longer|more|less|better|worse|other|one|such|need|different|matter|good|worth|way|doubt|wonder|trace|secret|room|time|reason|error|hope';

/** The list. */
export const HABITS: readonly Habit[] = [
  { pattern: /\bcan not\b(?! only)/i, instead: 'cannot' },
  {
    pattern: /^(?:Who|What|Whether|How|Where)\b[^?]*$/,
    instead: 'a sentence that opens with a noun or a verb',
  },
  { pattern: /\b(?:is|are|was|were|be) none\b/i, instead: '“is not one” or “there is no …”' },
  {
    pattern: new RegExp(String.raw`(?<!\bthere )\b(?:is|was) no (?!${FINE_AFTER_NO})\w`, 'i'),
    instead: '“is not a …”',
  },
  { pattern: /\bof no kind\b/i, instead: '“unknown …”' },
  { pattern: /\banew\b/i, instead: '“again”' },
  { pattern: /\b(?:absent|empty|missing|undefined|only|also) where\b/i, instead: '“if”' },
  { pattern: /\bwhere (?:absent|none|there (?:is|are|was|were))\b/i, instead: '“if”' },
  { pattern: /\bthe own\b/i, instead: '“its own” or “their own”' },
  { pattern: /\bas it must be\b/i, instead: '“No faults found.”' },
  { pattern: /\bsay this\b/i, instead: '“show this help”' },
  { pattern: /\bjust so\b/i, instead: '“exactly so”' },
  { pattern: /\bmust agree\b/i, instead: '“quorum” or “threshold”' },
  { pattern: /\bjust now\b/i, instead: '“at present”, or nothing' },
  { pattern: /\bof the form that\b/i, instead: '“malformed”' },
];
