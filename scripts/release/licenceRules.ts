/** Rank of a licence: it asks for its text alone; it asks for more, so that notes name it; nothing under it is shipped. */
export type LicenceRank = 'plain' | 'named' | 'refused';

const RANKS: readonly LicenceRank[] = ['plain', 'named', 'refused'];

/** Licences that ask for their text, or for nothing. */
const PLAIN = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Licences that ask for the sources of what stands under them, or for its name. */
const NAMED = new Set([
  'LGPL-2.1-only',
  'LGPL-2.1-or-later',
  'LGPL-3.0-only',
  'LGPL-3.0-or-later',
  'MPL-2.0',
  'OFL-1.1',
]);

/** An expression that a text states itself. */
const STATED = /SPDX-License-Identifier: *([\w.+() -]*[\w)])(?= *(?:--|`|$))/m;

/** First words of licences, by which a text is told; the GNU ones by their title, since each names the others. */
const TEXTS: readonly (readonly [id: string, shown: RegExp])[] = [
  ['AGPL-3.0-only', /^[\s*#]*GNU AFFERO GENERAL PUBLIC LICENSE\s*$/im],
  ['LGPL-3.0-only', /^[\s*#]*GNU LESSER GENERAL PUBLIC LICENSE\s*\n\s*Version 3/im],
  ['LGPL-2.1-only', /^[\s*#]*GNU LESSER GENERAL PUBLIC LICENSE\s*\n\s*Version 2/im],
  ['GPL-3.0-only', /^[\s*#]*GNU GENERAL PUBLIC LICENSE\s*\n\s*Version 3/im],
  ['GPL-2.0-only', /^[\s*#]*GNU GENERAL PUBLIC LICENSE\s*\n\s*Version 2/im],
  ['Apache-2.0', /Apache License,?\s*\n?\s*Version 2\.0/i],
  ['MPL-2.0', /Mozilla Public License,?\s*(?:Version|v\.)\s*2\.0/i],
  ['MIT', /Permission is hereby granted, free of charge|^\/\/ MIT license$/im],
  [
    'ISC',
    /Permission to use, copy, modify, and(?:\/or)? distribute this software for any\s+purpose/i,
  ],
  [
    'BSD-3-Clause',
    /Redistribution and use in source and binary forms[\s\S]*(?:Neither the names? |may not be used to endorse|names of its contributors)/i,
  ],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/i],
  ['Unlicense', /This is free and unencumbered software/i],
  ['CC0-1.0', /CC0 1\.0 Universal/i],
  ['OFL-1.1', /SIL OPEN FONT LICENSE Version 1\.1/i],
  ['BSL-1.0', /Boost Software License/i],
  ['Zlib', /This software is provided 'as-is', without any express or implied/i],
];

/**
 * Names the licences that texts of one package show, as an SPDX expression in which all hold.
 *
 * @param texts - Its files with licences, by their names.
 * @returns Undefined if no text is a licence that is known here.
 */
export function nameLicences(texts: ReadonlyMap<string, string>): string | undefined {
  const found = new Set<string>();
  for (const text of texts.values()) {
    const [, stated] = STATED.exec(text) ?? [];
    if (stated !== undefined) found.add(`(${stated})`);
    for (const [id, shown] of TEXTS) {
      if (id === 'BSD-2-Clause' && found.has('BSD-3-Clause')) continue;
      if (shown.test(text)) found.add(id);
    }
  }
  // The third version of the lesser one is written as permissions beyond the GPL's text, which has to lie beside it.
  if (found.has('LGPL-3.0-only')) found.delete('GPL-3.0-only');
  return found.size === 0 ? undefined : [...found].join(' AND ');
}

/**
 * Ranks an SPDX expression: of `A OR B` the better one counts, of `A AND B` the worse. Licences that are not in the lists
 * here are refused, and so are exceptions (`WITH`) and malformed expressions.
 */
export function rankLicence(expression: string): LicenceRank {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let next = 0;
  const either = (): number => {
    let rank = both();
    while (tokens[next] === 'OR') {
      next += 1;
      rank = Math.min(rank, both());
    }
    return rank;
  };
  const both = (): number => {
    let rank = one();
    while (tokens[next] === 'AND') {
      next += 1;
      rank = Math.max(rank, one());
    }
    return rank;
  };
  const one = (): number => {
    const token = tokens[next] ?? '';
    next += 1;
    if (token === '(') {
      const rank = either();
      next += 1;
      return tokens[next - 1] === ')' ? rank : 2;
    }
    if (PLAIN.has(token)) return 0;
    return NAMED.has(token) ? 1 : 2;
  };
  const rank = either();
  return RANKS[next === tokens.length ? rank : 2] ?? 'refused';
}
