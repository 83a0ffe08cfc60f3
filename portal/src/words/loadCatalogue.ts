import type { Messages } from '@lingui/core';
import { catalogueOf } from 'words:catalogues';
import { isEasy, languageOf, type LanguageTag } from './Language.ts';

/** Loads the words of the first screen, which were compiled when the page was built. */
export async function loadCatalogue(tag: LanguageTag): Promise<Messages> {
  return await loadParts(tag, 'first');
}

/** Loads the words of a patient's home. */
export async function loadHomeWords(tag: LanguageTag): Promise<Messages> {
  return await loadParts(tag, 'home');
}

/** Loads the words of an operator’s page: those of all screens but of care. */
export async function loadOperatorWords(tag: LanguageTag): Promise<Messages> {
  return await loadParts(tag, 'home', 'rest');
}

/** Loads the words of all screens but the first. */
export async function loadRest(tag: LanguageTag): Promise<Messages> {
  return await loadParts(tag, 'home', 'rest', 'care');
}

/** Easy words, if they were chosen, stand in the place of the usual ones. */
async function loadParts(
  tag: LanguageTag,
  ...parts: ('first' | 'home' | 'rest' | 'care' | 'easy')[]
): Promise<Messages> {
  const catalogue = catalogueOf(languageOf(tag));
  if (isEasy(tag)) parts.push('easy');
  const loaded = await Promise.all(parts.map(async (part) => await catalogue[part]?.()));
  return Object.assign({}, ...loaded.map((each) => each?.words)) as Messages;
}
