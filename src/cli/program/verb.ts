import type { Command } from 'commander';
import { calledAs } from './calledAs.ts';
import { commandPath } from './commandPath.ts';
import type { Shape } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { oncePerOption } from './oncePerOption.ts';
import { paragraphs } from './paragraphs.ts';
import type { CommandAnswer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { option, type AnyOption, type ArgumentsOf, type OptionsOf } from './VerbOption.ts';

/**
 * Runs a verb: it gets the terminal, the arguments, and last its options. It answers, or has said all itself.
 */
export type RunVerb<Value = object, Given extends readonly unknown[] = never[]> = (
  terminal: Terminal,
  ...given: Given
) => Promise<CommandAnswer<Value> | undefined>;

/** A verb of the command line, as its help tells it. */
export interface Verb<
  S extends Shape = Shape,
  Name extends string = string,
  Own extends readonly AnyOption[] = readonly AnyOption[],
  Shared extends readonly AnyOption[] = readonly AnyOption[],
> {
  /** Its name and arguments, such as `get <record>`. */
  readonly name: Name;
  /** Summary in a line that begins with a verb. */
  readonly about: string;
  /** Description of each argument, by name. */
  readonly args?: Readonly<Record<string, string>>;
  /** Options of its own. */
  readonly options?: Own;
  /** Options that it shares with others; `--json` it has in any case. */
  readonly shared?: Shared;
  /** Further notes for its help: a line that does not end with a full stop goes on in the next. */
  readonly notes?: string;
  /** Command lines, each without `medseal`. */
  readonly examples: readonly string[];
  /** Sentence that is certain if Ctrl-C ends it, once something may be changed; if absent, nothing was changed. */
  readonly interrupted?: string;
  /** True if it runs until Ctrl-C stops it in good order. */
  readonly runsOn?: boolean;
  /** Loads the shape of what it prints with `--json`, beside `ok`. */
  readonly gives: () => Promise<S>;
  /** Loads what it does, once it is to be done: help is there at once. */
  readonly load: () => Promise<RunVerb<object & Of<S>>>;
}

/** A verb gets its arguments, and last its options. */
type GivenTo<
  Name extends string,
  Own extends readonly AnyOption[],
  Shared extends readonly AnyOption[],
> = [...ArgumentsOf<Name>, OptionsOf<readonly (Own | Shared)[number][]>];

/** A verb that takes what it gets. */
interface Takes<Given extends readonly unknown[]> {
  readonly load: () => Promise<RunVerb<object, Given>>;
}

const SHARED = 'Common options:';
const JSON_OPTION = option('--json', 'print one JSON document, for programs');

/** Loads the shape of each verb's answer, by its command. */
const answers = new WeakMap<Command, Verb['gives']>();

/**
 * Returns what loads the shape of the answer of a command; undefined for a noun.
 *
 * @param command - The command.
 */
export function answerShapeOf(command: Command): Verb['gives'] | undefined {
  return answers.get(command);
}

/**
 * Adds a verb to the command line.
 *
 * @param parent - The command line, or the noun that the verb is about.
 * @param verb - The verb.
 * @returns The command, for verbs below it.
 */
export function addVerb<
  const S extends Shape,
  const Name extends string,
  const Own extends readonly AnyOption[] = readonly [],
  const Shared extends readonly AnyOption[] = readonly [],
>(parent: Command, verb: Verb<S, Name, Own, Shared> & Takes<GivenTo<Name, Own, Shared>>): Command {
  const command = parent.command(verb.name).description(verb.about);
  answers.set(command, verb.gives);
  for (const argument of command.registeredArguments) {
    argument.description = verb.args?.[argument.name()] ?? '';
  }
  for (const own of verb.options ?? []) command.addOption(oncePerOption(command, own.make()));
  for (const shared of [...(verb.shared ?? []), JSON_OPTION]) {
    command.addOption(oncePerOption(command, shared.make().helpGroup(SHARED)));
  }
  command
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', () => helpAfter(verb, command));
  pointToHelp(command);
  command.action((...given: unknown[]) => {
    const choice: Choice = {
      command: commandPath(command),
      load: verb.load,
      gives: verb.gives,
      given: given.slice(0, -1),
      asks: command.options.some(({ long }) => long === '--yes'),
      ...(verb.interrupted !== undefined && { interrupted: verb.interrupted }),
      ...(verb.runsOn !== undefined && { runsOn: verb.runsOn }),
    };
    choices.set(rootOf(command), choice);
  });
  return command;
}

/** A verb that was chosen, with what was given to it: the arguments, and last the options. */
export interface Choice extends Pick<Verb, 'gives' | 'interrupted' | 'runsOn'> {
  /** Its words, such as `record add`. */
  readonly command: string;
  readonly load: () => Promise<RunVerb>;
  readonly given: readonly unknown[];
  /** True if it asks before it signs or changes anything. */
  readonly asks: boolean;
}

/** Choice made on each command line that was read. */
const choices = new WeakMap<Command, Choice>();

/**
 * Reads a command line; nothing is done yet.
 *
 * @param program - The whole command line.
 * @param args - Words typed behind the program's name.
 * @returns The choice; undefined if help was asked for.
 * @throws CommanderError for a wrong command line.
 */
export async function chooseVerb(
  program: Command,
  args: readonly string[],
): Promise<Choice | undefined> {
  await program.parseAsync(args, { from: 'user' });
  return choices.get(program);
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/**
 * Adds a noun that verbs are about.
 *
 * @param parent - The command line.
 * @param name - The noun.
 * @param about - Purpose of its verbs.
 */
export function addNoun(parent: Command, name: string, about: string): Command {
  const noun = parent.command(name).description(about).helpOption('-h, --help', 'show this help');
  pointToHelp(noun);
  return noun;
}

/** Lets a wrong use of a command end with where its own help is. */
function pointToHelp(command: Command): void {
  command.showHelpAfterError(`(${calledAs(`${commandPath(command)} --help`)} shows what it takes)`);
}

/** Notes are folded; an example is not, so that it can be copied. */
function helpAfter(
  { notes, examples }: Pick<Verb, 'notes' | 'examples'>,
  command: Command,
): string {
  const heading = examples.length === 1 ? 'Example:' : 'Examples:';
  const lines = examples.map((line) => `  ${calledAs(line)}`);
  const said = notes === undefined ? [] : [paragraphs(notes, command), ''];
  return ['', ...said, heading, ...lines].join('\n');
}
