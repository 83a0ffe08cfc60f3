import { InvalidArgumentError } from 'commander';
import { collects } from './oncePerOption.ts';

/** Takes a field with its value, such as `amount=1`; if the option is repeated, they add up. */
export const fieldValue = collects(
  (text: string, before: readonly (readonly [string, string])[] = []) => {
    const at = text.indexOf('=');
    if (at < 1) throw new InvalidArgumentError('It must be <field>=<value>.');
    return [...before, [text.slice(0, at), text.slice(at + 1)] as const];
  },
);
