/** Tells how this process was started: its script, and what npm says of itself. */
export interface Start {
  /** Path of the script, as it was named. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Returns a command line that works for the reader: `npx medseal …` in a project that has the package,
 * `npm run -s medseal -- …` in the clone if npm started this, `medseal …` otherwise. Texts about other commands take
 * them from here.
 *
 * @param words - The words after `medseal`.
 * @param start - The start of the process.
 */
export function calledAs(words: string, start: Start = startOfProcess()): string {
  return `${programOf(start)} ${words}`;
}

/** Name of the command in texts that are the same for everybody, such as the catalogue of errors. */
const NAMED = /`medseal (?=[a-z])/g;

/**
 * Puts the command as the reader can call it into a text of ours that names commands as `medseal …`, in backticks.
 *
 * @param text - The text.
 * @param start - The start of the process.
 */
export function withCommand(text: string, start: Start = startOfProcess()): string {
  return text.replaceAll(NAMED, `\`${programOf(start)} `);
}

function programOf({ script, environment }: Start): string {
  if (/[\\/]node_modules[\\/]/.test(script)) return 'npx medseal';
  const byNpm = environment['npm_lifecycle_event'];
  const isClone = /[\\/]src[\\/]cli[\\/]main\.ts$/.test(script);
  return isClone && (byNpm === 'medseal' || byNpm === 'start')
    ? 'npm run -s medseal --'
    : 'medseal';
}

function startOfProcess(): Start {
  return { script: process.argv[1] ?? '', environment: process.env };
}
