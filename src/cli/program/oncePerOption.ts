import { InvalidArgumentError, Option, type Command } from 'commander';

/** Takes a value of an option, and what was made of those before it on the same command line. */
type Parse = (value: string, before?: never) => unknown;

/** Parsers of options that may be given more than once. */
const collecting = new WeakSet<object>();

/**
 * Marks the parser of an option as one that takes all values that are given.
 *
 * @param parse - Gets each value, and from the second on what it made of those before.
 * @returns The same function.
 */
export function collects<Read extends Parse>(parse: Read): Read {
  collecting.add(parse);
  return parse;
}

/**
 * Has an option refused that is given more than once and takes one value: taking the last silently would do something
 * else than was asked for. An option that collects its values gets them all, without the default.
 *
 * @param command - That has the option.
 * @param option - As it was described; other commands may have it too.
 * @returns The option as this command has it.
 */
export function oncePerOption(command: Command, option: Option): Option {
  // A flag says the same however often it is given.
  if (!option.required && !option.optional) return option;
  const parse = option.parseArg as Parse | undefined;
  const all = parse !== undefined && collecting.has(parse);
  const own = Object.assign(new Option(option.flags, option.description), option);
  return own.argParser((value: string, before: unknown) => {
    const again = command.getOptionValueSource(option.attributeName()) === 'cli';
    if (again && !all) throw new InvalidArgumentError('It takes one value, and was given twice.');
    return parse === undefined ? value : parse(value, again ? (before as never) : undefined);
  });
}
