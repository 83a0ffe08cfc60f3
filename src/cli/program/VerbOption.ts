import { Option } from 'commander';

/**
 * An option of a verb. The type of what the verb gets follows from its flags and from what is said of it, in commander's
 * words; `make` gives a new option of commander's for each command.
 */
export class VerbOption<Name extends string, Value, Always extends boolean> {
  /** For the compiler alone. */
  declare readonly gives?: readonly [Name, Value, Always];
  readonly make: () => Option;

  constructor(make: () => Option) {
    this.make = make;
  }

  argParser<Read>(parse: (text: string, before?: Read) => Read): VerbOption<Name, Read, Always> {
    return new VerbOption(() => this.make().argParser(parse));
  }

  choices<const Choice extends string>(
    values: readonly Choice[],
  ): VerbOption<Name, Choice, Always> {
    return new VerbOption(() => this.make().choices(values));
  }

  default(value: Value, shown?: string): VerbOption<Name, Value, true> {
    return new VerbOption(() => this.make().default(value, shown));
  }

  makeOptionMandatory(): VerbOption<Name, Value, true> {
    return new VerbOption(() => this.make().makeOptionMandatory());
  }

  conflicts(others: string | string[]): VerbOption<Name, Value, Always> {
    return new VerbOption(() => this.make().conflicts(others));
  }

  implies(others: Readonly<Record<string, boolean>>): VerbOption<Name, Value, Always> {
    return new VerbOption(() => this.make().implies(others));
  }

  env(variable: string): VerbOption<Name, Value, Always> {
    return new VerbOption(() => this.make().env(variable));
  }

  hideHelp(): VerbOption<Name, Value, Always> {
    return new VerbOption(() => this.make().hideHelp());
  }
}

/** Any option of a verb. */
export type AnyOption = VerbOption<string, unknown, boolean>;

/**
 * Values that a verb with these options gets, by name.
 *
 * @typeParam List - The options, such as `typeof GRANT`.
 */
export type OptionsOf<List extends readonly AnyOption[]> = Flat<Both<GivenBy<List[number]>>>;

type GivenBy<One> =
  One extends VerbOption<infer Name, infer Value, infer Always>
    ? Always extends true
      ? { readonly [Key in Name]: Value }
      : { readonly [Key in Name]?: Value }
    : never;
/** All members of a union at once. */
type Both<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;
type Flat<Given> = { [Key in keyof Given]: Given[Key] };

/** Values that a verb gets for the arguments in its name, such as `get <record>`. */
export type ArgumentsOf<Name extends string> = Name extends `${infer Word} ${infer Rest}`
  ? [...ArgumentsOf<Word>, ...ArgumentsOf<Rest>]
  : Name extends `${'<' | '['}${string}...${'>' | ']'}`
    ? [readonly string[]]
    : Name extends `<${string}>`
      ? [string]
      : Name extends `[${string}]`
        ? [string | undefined]
        : [];

type Long<Flags extends string> = Flags extends `${string}--${infer Name}` ? Name : never;
type Positive<Flags extends string> = Long<Flags> extends `no-${infer Name}` ? Name : Long<Flags>;
type Camel<Words extends string> = Words extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<Camel<Rest>>}`
  : Words;
type NameIn<Flags extends string> =
  Positive<Flags> extends `${infer Name} ${string}` ? Camel<Name> : Camel<Positive<Flags>>;
type ValueOf<Flags extends string> = Flags extends `${string}<${string}` ? string : boolean;
type AlwaysIn<Flags extends string> = Long<Flags> extends `no-${string}` ? true : false;

/**
 * Declares an option.
 *
 * @param flags - Its names, and what it takes, such as `-o, --out <file>`.
 * @param about - Its effect, for help; begins with a verb.
 */
export function option<const Flags extends string>(
  flags: Flags,
  about: string,
): VerbOption<NameIn<Flags>, ValueOf<Flags>, AlwaysIn<Flags>> {
  return new VerbOption(() => new Option(flags, about));
}

/**
 * Declares an option that has to be given.
 *
 * @param flags - As `option` takes them.
 * @param about - As `option` takes it.
 */
export function must<const Flags extends string>(
  flags: Flags,
  about: string,
): VerbOption<NameIn<Flags>, ValueOf<Flags>, true> {
  return option(flags, about).makeOptionMandatory();
}
