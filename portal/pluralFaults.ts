import type { CompiledMessage } from '@lingui/message-utils/compileMessage';

/** Numbers that show every form that a language has for counts and amounts below a million. */
const NUMBERS = [...Array.from({ length: 201 }, (_, number) => number), 0.5, 1.5];

/**
 * Returns what the plurals of a message lack in a language, by `Intl.PluralRules`.
 *
 * @param language - BCP 47 tag.
 * @param message - The compiled message.
 * @returns Sentences without their subject: forms that are missing, and forms that hide which of several numbers they
 * stand for although others say it.
 */
export function pluralFaults(language: string, message: CompiledMessage): readonly string[] {
  const rules = new Intl.PluralRules(language);
  return pluralsIn(message).flatMap(([name, choices]) => {
    const open = NUMBERS.filter((number) => choices[String(number)] === undefined);
    const forms = Map.groupBy(open, (number) => rules.select(number));
    return [...forms].flatMap(([form, numbers]) => {
      const choice = choices[form];
      if (choice === undefined) return [`lacks the plural form “${form}” of {${name}}`];
      if (numbers.length === 1 || saysNumber(choice) || !saysNumber(choices.other)) return [];
      return [`does not say the number of {${name}} in the plural form “${form}”`];
    });
  });
}

type Plural = readonly [name: string, choices: Readonly<Record<string, unknown>>];

/** The plurals of a compiled message, those within choices too. */
function pluralsIn(message: unknown): readonly Plural[] {
  if (!Array.isArray(message)) return [];
  return message.flatMap((part: unknown): readonly Plural[] => {
    if (!Array.isArray(part)) return [];
    const [name, kind, choices] = part as readonly unknown[];
    if (typeof choices !== 'object' || choices === null) return [];
    const named = choices as Readonly<Record<string, unknown>>;
    const inner = Object.values(named).flatMap(pluralsIn);
    return kind === 'plural' ? [[String(name), named], ...inner] : inner;
  });
}

function saysNumber(choice: unknown): boolean {
  return Array.isArray(choice) && choice.includes('#');
}
