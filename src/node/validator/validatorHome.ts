import type { Files } from '../../folder/Files.ts';

/** Folder of an organisation's validator, within the data folder of its node. */
export const VALIDATOR = 'validator';

/**
 * Returns the folder of an organisation's validator.
 *
 * @param files - The data folder of its node.
 */
export function validatorHome({ path }: Pick<Files, 'path'>): string {
  return `${path}/${VALIDATOR}`;
}
