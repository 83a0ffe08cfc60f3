import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

type Read<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>;

/** A script that is run by hand. */
interface Script<Options extends ParseArgsOptionsConfig> {
  /** Usage, such as `npm run proof soak -- [--minutes N]`. */
  readonly usage: string;
  /** Description in a sentence or two. */
  readonly about: string;
  readonly options: Options;
  /** Arguments besides options; it takes no arguments if absent. */
  readonly takes?: RegExp;
}

const NUMBER = /^(?:\d+(?:\.\d+)?|Infinity)$/;

/**
 * Reads the options of a script that is run by hand. If help is asked for it is printed, and the process ends with 0;
 * on a wrong option it prints the fault, and ends with 2. An option whose default is a number takes numbers.
 *
 * @param script - The script and its options.
 * @param args - The command line.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  { usage, about, options, takes }: Script<Options>,
  args: readonly string[] = process.argv.slice(2),
): Read<Options> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`Usage: ${usage}\n\n${about}\n`);
    process.exit(0);
  }
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: true });
    const odd = read.positionals.find((each) => takes?.test(each) !== true);
    if (odd !== undefined) throw new TypeError(`Nothing is known of '${odd}'`);
    for (const [name, { default: usual }] of Object.entries(options)) {
      const value = (read.values as Readonly<Record<string, unknown>>)[name];
      if (typeof usual !== 'string' || !NUMBER.test(usual)) continue;
      if (!NUMBER.test(String(value))) throw new TypeError(`--${name} takes a number`);
    }
    return read;
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\nUsage: ${usage}\n`);
    return process.exit(2);
  }
}
